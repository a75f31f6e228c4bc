import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, deviceVariable, lines } from './parts.ts';

/** Most lines of a panel that shows peers. */
const PEERS = 10;

/** The AH sessions of Juniper SRX, the dead ones among them, and what was cleared. */
export function ahSessions(): DashboardBuilder {
  const title = 'unclog: AH sessions';
  return dashboard('unclog-ah-sessions', title, 'AH sessions of Juniper SRX by peer, and the clears that were made.')
    .withVariable(deviceVariable('junos_ah_sessions'))
    .withPanel(
      lines(
        {
          title: 'AH sessions',
          description:
            'AH sessions on the node that owns the tunnels, and the threshold of the device, from which JunosAhSessionsHigh ' +
            'fires. Clears are marked.',
          unit: 'short',
        },
        { expr: 'junos_ah_sessions{device=~"$device"}', legend: '{{device}}' },
        { expr: 'junos_ah_threshold_sessions{device=~"$device", scope="total"}', legend: '{{device}} threshold' },
      )
        .min(0)
        .span(24)
        .height(10),
    )
    .withPanel(
      lines(
        {
          title: 'Sessions of the largest peers',
          description: 'AH sessions of the ten peers with the most. Counted every five minutes.',
          unit: 'short',
        },
        { expr: `topk(${PEERS}, junos_ah_peer_sessions{device=~"$device"})`, legend: '{{device}} {{peer}}' },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Orphans',
          description:
            'Sessions whose SPI belongs to no living SA, of the ten peers with the most. Absent where SPIs cannot be told ' +
            'from the ports.',
          unit: 'short',
        },
        { expr: `topk(${PEERS}, junos_ah_peer_orphan_sessions{device=~"$device"})`, legend: '{{device}} {{peer}}' },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Sessions beyond what tunnels explain',
          description: 'Sessions of a peer less one anchor a tunnel and one session a living inbound SA.',
          unit: 'short',
        },
        {
          expr:
            `topk(${PEERS}, junos_ah_peer_sessions{device=~"$device"} - on (device, peer) ` +
            'junos_ah_peer_expected_sessions{device=~"$device"})',
          legend: '{{device}} {{peer}}',
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Clears',
          description: 'Cases of junos/clear-ah-peers that came to an end within each interval, by outcome.',
          unit: 'short',
        },
        {
          expr:
            'sum by (device, outcome) (increase(unclog_cases_total{device=~"$device", remedy="junos/clear-ah-peers"}' +
            '[$__rate_interval]))',
          legend: '{{device}} {{outcome}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Tunnels',
          description: 'IPsec tunnels that are up, and those that are configured and down.',
          unit: 'short',
        },
        { expr: 'junos_ipsec_tunnels{device=~"$device"}', legend: '{{device}} {{state}}' },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Flow table',
          description: 'Valid sessions of all protocols, and what the table of each node can hold.',
          unit: 'short',
        },
        { expr: 'junos_flow_sessions{device=~"$device"}', legend: '{{device}} {{node}}' },
        { expr: 'junos_flow_sessions_limit{device=~"$device"}', legend: '{{device}} {{node}} limit' },
      ).min(0),
    );
}
