import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, deviceVariable, figure, lines } from './parts.ts';

/** The event logs of BMCs, and what was done about their errors. */
export function bmc(): DashboardBuilder {
  const title = 'unclog: BMC event logs';
  return dashboard(
    'unclog-bmc',
    title,
    'PCI errors and other events in the event logs of BMCs, and the remedies taken.',
  )
    .withVariable(deviceVariable('bmc_sel_entries'))
    .withPanel(
      figure(
        {
          title: 'New PCI errors',
          description: 'PCI errors that came within the time that one scrape interval needs, over all boards chosen.',
          unit: 'short',
        },
        {
          expr: 'sum(increase(bmc_sel_pci_errors_total{device=~"$device"}[$__rate_interval]))',
          legend: 'PCI errors',
        },
      ),
    )
    .withPanel(
      figure(
        {
          title: 'Hosts with power',
          description: 'Boards whose host has power, as the BMC tells it.',
          unit: 'short',
        },
        { expr: 'sum(bmc_power_on{device=~"$device"})', legend: 'with power' },
      ),
    )
    .withPanel(
      figure(
        {
          title: 'Logs with gaps',
          description: 'Boards whose BMC gives less of its log than it has. New errors may be missing from the counts.',
          unit: 'short',
        },
        { expr: 'sum(bmc_sel_truncated{device=~"$device"})', legend: 'truncated' },
      ),
    )
    .withPanel(
      figure(
        {
          title: 'Logins refused',
          description: 'Boards whose BMC refused the credentials; it is left alone for a while then.',
          unit: 'short',
        },
        { expr: 'sum(bmc_login_refused{device=~"$device"})', legend: 'refused' },
      ),
    )
    .withPanel(
      lines(
        {
          title: 'New PCI errors by place',
          description:
            'PCI errors as they come, by error, bus, device and function. The same place again and again is a card or a slot. ' +
            'Remedies taken are marked.',
          unit: 'short',
        },
        {
          expr:
            'sum by (device, error, bus, device_function) (increase(' +
            'bmc_sel_pci_errors_total{device=~"$device"}[$__rate_interval]))',
          legend: '{{device}} {{error}} {{bus}}:{{device_function}}',
        },
      )
        .min(0)
        .span(24)
        .height(10),
    )
    .withPanel(
      lines(
        {
          title: 'New events by kind',
          description:
            'Entries of the event logs as they come, by kind. A power-on after an error is a recovery by hand.',
          unit: 'short',
        },
        {
          expr: 'sum by (device, kind) (increase(bmc_sel_events_total{device=~"$device"}[$__rate_interval]))',
          legend: '{{device}} {{kind}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Time since the newest event',
          description: "Age of the newest event of each kind, by the BMC's own clock, which may be wrong.",
          unit: 's',
        },
        {
          expr: 'time() - bmc_sel_last_event_timestamp_seconds{device=~"$device"}',
          legend: '{{device}} {{kind}}',
        },
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Entries in the log',
          description: 'How full the event logs are. A drop to none is a log that somebody cleared.',
          unit: 'short',
        },
        { expr: 'bmc_sel_entries{device=~"$device"}', legend: '{{device}}' },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Room left in the log',
          description: 'Empty until a BMC is read over IPMI: only those tell how many bytes are free.',
          unit: 'bytes',
        },
        { expr: 'bmc_sel_free_bytes{device=~"$device"}', legend: '{{device}}' },
      ).min(0),
    );
}
