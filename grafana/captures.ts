import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, deviceVariable, figure, lines, steps } from './parts.ts';

const OLD = 'version=~"SSLv.+|TLSv1.0|TLSv1.1"';
const connections = (more = '') =>
  `increase(captures_tls_connections_total{device=~"$device"${more && `, ${more}`}}[$__rate_interval])`;
const serverConnections = (more = '') =>
  `increase(captures_tls_server_connections_total{device=~"$device"${more && `, ${more}`}}[$__rate_interval])`;
const captures = (more = '') =>
  `increase(captures_files_total{device=~"$device"${more && `, ${more}`}}[$__rate_interval])`;

/** TLS versions in folders of packet captures, and how the captures could be read. */
export function captureFolders(): DashboardBuilder {
  const title = 'unclog: TLS in captures';
  return dashboard('unclog-captures', title, 'TLS versions that packet captures show, by folder and server.')
    .withVariable(deviceVariable('captures_files_total'))
    .withPanel(
      figure(
        {
          title: 'New connections with old versions',
          description:
            'Empty until a capture was read. Connections that came to TLS 1.1 or older, within the time that one scrape interval needs.',
          unit: 'short',
        },
        { expr: `sum(${connections(OLD)})`, legend: 'TLS 1.1 and older' },
      ).thresholds(steps(1)),
    )
    .withPanel(
      figure(
        {
          title: 'New connections',
          description: 'Empty until a capture was read. Connections of all versions within the same time.',
          unit: 'short',
        },
        { expr: `sum(${connections()})`, legend: 'all versions' },
      ),
    )
    .withPanel(
      figure(
        {
          title: 'Captures read',
          description: 'Empty until a capture was read. Captures that were read within the same time.',
          unit: 'short',
        },
        { expr: `sum(${captures()})`, legend: 'captures' },
      ),
    )
    .withPanel(
      figure(
        {
          title: 'Damaged captures',
          description: 'Empty until a capture was read. Captures that could be read up to some place only.',
          unit: 'short',
        },
        { expr: `sum(${captures('outcome="damaged"')})`, legend: 'damaged' },
      ).thresholds(steps(1)),
    )
    .withPanel(
      lines(
        {
          title: 'TLS versions',
          description:
            'Empty until a capture was read. Connections by version, at the time when their capture was read, which is after it was settled.',
          unit: 'short',
        },
        { expr: `sum by (device, version) (${connections()})`, legend: '{{device}} {{version}}' },
      )
        .min(0)
        .span(24)
        .height(10),
    )
    .withPanel(
      lines(
        {
          title: 'Servers that speak old versions',
          description:
            'Empty until an old version was spoken. TLS 1.1 and older by server, of the 50 busiest; shown from the second capture on that has the server.',
          unit: 'short',
        },
        {
          expr: `topk(20, sum by (device, server, version) (${serverConnections(OLD)}))`,
          legend: '{{device}} {{server}} {{version}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Busiest servers',
          description:
            'Empty until a capture was read. Connections of all versions by server; shown from the second capture on that has the server.',
          unit: 'short',
        },
        {
          expr: `topk(10, sum by (device, server) (${serverConnections()}))`,
          legend: '{{device}} {{server}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Captures by outcome',
          description: 'Empty until a capture was read. Captures as they are read, to the end or up to damage.',
          unit: 'short',
        },
        { expr: `sum by (device, outcome) (${captures()})`, legend: '{{device}} {{outcome}}' },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Time since the folder was looked at',
          description: 'Empty until a folder was looked at. It grows when the folder cannot be read.',
          unit: 's',
        },
        {
          expr: 'time() - unclog_collector_last_success_timestamp_seconds{device=~"$device", collector="tls"}',
          legend: '{{device}}',
        },
      ).min(0),
    );
}
