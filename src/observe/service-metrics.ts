import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Family, Point } from './family.ts';
import { labelText } from './family.ts';
import type { Rejection } from './series.ts';
import type { Tally } from './tally.ts';

/** prom-client gives these as gauges, under names that only a counter may have. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/**
 * The service's own metrics. The only file that knows prom-client: it keeps the numbers; `families` hands them to the
 * one writer of exposition text. Each has an own registry, so that several can live in one process.
 */
export class ServiceMetrics implements Tally {
  readonly #registry = new Registry();

  readonly alertsReceived = this.#counter('unclog_alerts_received_total', 'Alerts received by the webhook.', [
    'status',
  ]);
  readonly alertFates = this.#counter('unclog_alert_fates_total', 'What became of the alerts received.', ['fate']);
  readonly webhookRequests = this.#counter('unclog_webhook_requests_total', 'Requests to the webhook.', ['code']);
  readonly alertsUnusable = this.#counter(
    'unclog_webhook_unusable_alerts_total',
    'Alerts in a notification that could not be read and were left out.',
    ['reason'],
  );
  readonly alertsTruncated = this.#counter(
    'unclog_webhook_truncated_alerts_total',
    'Alerts that Alertmanager cut from a notification (max_alerts).',
    [],
  );
  readonly cases = this.#counter('unclog_cases_total', 'Cases that came to an end.', ['device', 'remedy', 'outcome']);
  readonly refusals = this.#counter('unclog_refusals_total', 'Cases that a guard or a remedy refused.', [
    'device',
    'remedy',
    'reason',
  ]);
  readonly remediationSeconds = this.#histogram(
    'unclog_remediation_seconds',
    'From the start of the alert to the verified change.',
    [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800],
  );
  readonly releaseDelaySeconds = this.#histogram(
    'unclog_release_delay_seconds',
    'From the due end of a block to its proven end.',
    [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900],
  );
  readonly blocksActive = this.#gauge('unclog_blocks_active', 'Blocks that stand now.', ['device', 'remedy']);
  readonly blocksSoonestEnd = this.#gauge(
    'unclog_blocks_soonest_end_timestamp_seconds',
    'When the first of the blocks that stand now is due to end; in the past when its release is overdue.',
    ['device', 'remedy'],
  );
  readonly strayBlocks = this.#gauge(
    'unclog_blocks_without_case',
    'What carries the mark of a remedy on the device and belongs to no block, when blocks were last compared.',
    ['device', 'remedy'],
  );
  readonly reloadSuccessful = this.#gauge(
    'unclog_config_last_reload_successful',
    'Whether the last attempt to load the configuration succeeded.',
    [],
  );
  readonly reloadAt = this.#gauge(
    'unclog_config_last_reload_success_timestamp_seconds',
    'When the configuration was last loaded successfully.',
    [],
  );
  readonly #rejected = this.#counter(
    'unclog_samples_rejected_total',
    'Samples of a collector that were left out because they did not fit what it declares.',
    ['device', 'collector', 'reason'],
  );
  readonly #dropped = this.#counter(
    'unclog_series_dropped_total',
    'Series left out because the metric has more than may be shown.',
    ['device', 'metric'],
  );

  /** `build` becomes the labels of `unclog_build_info`. `loadedAt`: when the configuration was loaded, in ms. */
  constructor(build: { readonly version: string; readonly revision: string }, loadedAt: number) {
    const info = this.#gauge('unclog_build_info', 'The running program.', ['version', 'revision', 'node_version']);
    info.set({ ...build, node_version: process.version }, 1);
    // From 0 on, so that the first alert is an increase.
    for (const status of ['firing', 'resolved']) this.alertsReceived.inc({ status }, 0);
    this.reloadSuccessful.set(1);
    this.reloadAt.set(loadedAt / 1_000);
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
  }

  samplesRejected(device: string, collector: string, reason: Rejection, count: number): void {
    this.#rejected.inc({ device, collector, reason }, count);
  }

  seriesDropped(device: string, metric: string, count: number): void {
    this.#dropped.inc({ device, metric }, count);
  }

  async families(): Promise<readonly Family[]> {
    const metrics = await this.#registry.getMetricsAsJSON();
    return metrics
      .filter(metric => metric.values.length > 0)
      .map(({ name, help, type, values }) => ({
        name,
        help: /[.!?]$/.test(help) ? help : `${help}.`,
        // The library's types call it an enum; what it gives is the word of the exposition format.
        kind: String(type) as Family['kind'],
        batches: [values.map(value => toPoint(name, value))],
      }));
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram<'remedy'> {
    return new Histogram({ name, help, labelNames: ['remedy'], buckets, registers: [this.#registry] });
  }
}

interface ClientValue {
  readonly value: number;
  readonly metricName?: string;
  readonly labels: Partial<Record<string, string | number>>;
}

function toPoint(family: string, { metricName, labels, value }: ClientValue): Point {
  const pairs = Object.entries(labels).map(([name, label]) => [name, String(label)] as const);
  return { suffix: metricName?.slice(family.length) ?? '', labels: labelText(pairs), value };
}
