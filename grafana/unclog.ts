import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, deviceVariable, figure, lines, steps } from './parts.ts';

/** unclog itself: does it see its devices, what does it do, what does it refuse. */
export function unclog(): DashboardBuilder {
  const started = dashboard('unclog', 'unclog: service', 'What unclog sees, does and refuses.');
  return remediation(watching(started.withVariable(deviceVariable('unclog_device_up'))));
}

function watching(board: DashboardBuilder): DashboardBuilder {
  return board
    .withPanel(
      figure(
        { title: 'Devices down', description: 'Devices that give no usable answer.', unit: 'short' },
        { expr: 'count(unclog_device_up{device=~"$device"} == 0) or vector(0)', legend: 'down' },
      ).thresholds(steps(1)),
    )
    .withPanel(
      figure(
        { title: 'Collectors failing', description: 'Collectors that failed at their last run.', unit: 'short' },
        { expr: 'count(unclog_collector_success{device=~"$device"} == 0) or vector(0)', legend: 'failing' },
      ).thresholds(steps(1)),
    )
    .withPanel(
      figure(
        {
          title: 'Blocks active',
          description: 'Blocks that stand now, those being taken back included.',
          unit: 'short',
        },
        { expr: 'sum(unclog_blocks_active{device=~"$device"}) or vector(0)', legend: 'active' },
      ),
    )
    .withPanel(
      figure(
        {
          title: 'Configuration loaded',
          description:
            '1 when the last attempt to load the configuration succeeded; otherwise the one before is in force.',
          unit: 'bool_yes_no',
        },
        { expr: 'min(unclog_config_last_reload_successful)', legend: 'loaded' },
      ),
    )
    .withPanel(
      lines(
        {
          title: 'Devices up',
          description: '1 where the device gives a usable answer, 0 where not.',
          unit: 'bool_yes_no',
        },
        { expr: 'min by (device) (unclog_device_up{device=~"$device"})', legend: '{{device}}' },
      )
        .min(0)
        .max(1),
    )
    .withPanel(
      lines(
        {
          title: 'Collector duration',
          description: 'How long the last run of each collector took. Failed runs are in it.',
          unit: 's',
        },
        { expr: 'unclog_collector_duration_seconds{device=~"$device"}', legend: '{{device}} {{collector}}' },
      ).min(0),
    );
}

function remediation(board: DashboardBuilder): DashboardBuilder {
  return board
    .withPanel(
      lines(
        {
          title: 'Alerts received',
          description: 'Alerts per second that Alertmanager delivered, repeats included.',
          unit: 'reqps',
        },
        { expr: 'sum by (status) (rate(unclog_alerts_received_total[$__rate_interval]))', legend: '{{status}}' },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Cases by outcome',
          description: 'Cases that came to an end within each interval.',
          unit: 'short',
        },
        {
          expr: 'sum by (remedy, outcome) (increase(unclog_cases_total{device=~"$device"}[$__rate_interval]))',
          legend: '{{remedy}} {{outcome}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Refusals by reason',
          description: 'Cases that a guard or a remedy refused within each interval. A line at 0 means none.',
          unit: 'short',
        },
        {
          expr: 'sum by (remedy, reason) (increase(unclog_refusals_total{device=~"$device"}[$__rate_interval])) or vector(0)',
          legend: '{{remedy}} {{reason}}',
        },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'From alert to verified change',
          description:
            'Quantiles over each interval, from the start of the alert to the change verified on the device.',
          unit: 's',
        },
        { expr: quantile(0.5, 'unclog_remediation_seconds_bucket'), legend: '{{remedy}} p50' },
        { expr: quantile(0.95, 'unclog_remediation_seconds_bucket'), legend: '{{remedy}} p95' },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Delay of releases',
          description: 'Empty until a block has ended. From the due end of a block to its proven end, 95 % quantile.',
          unit: 's',
        },
        { expr: quantile(0.95, 'unclog_release_delay_seconds_bucket'), legend: '{{remedy}} p95' },
      ).min(0),
    )
    .withPanel(
      lines(
        {
          title: 'Webhook answers',
          description:
            'Requests per second to the webhook by status. Anything but 200 means alerts that come again or are lost.',
          unit: 'reqps',
        },
        { expr: 'sum by (code) (rate(unclog_webhook_requests_total[$__rate_interval]))', legend: '{{code}}' },
      ).min(0),
    );
}

function quantile(q: number, buckets: string): string {
  return `histogram_quantile(${q}, sum by (remedy, le) (rate(${buckets}[$__rate_interval])))`;
}
