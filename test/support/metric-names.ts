import type { Counter, Gauge, Histogram } from 'prom-client';
import { ServiceMetrics } from '../../src/observe/service-metrics.ts';
import { RUNNER_METRICS } from '../../src/observe/runner-metrics.ts';
import { drivers } from '../../src/devices/registry.ts';
import { read } from './repository.ts';

/** What of a metric can be told from the code as well as from its row in docs/METRICS.md. */
export interface MetricRow {
  readonly name: string;
  readonly kind: string;
  readonly labels: readonly string[];
}

/** Every metric that the program can give: its own, the runner's, and those that collectors declare. */
export async function metricsInCode(): Promise<readonly MetricRow[]> {
  const collected = drivers.flatMap(driver => driver.collectors).flatMap(collector => collector.metrics);
  const ofDevices = [...RUNNER_METRICS, ...collected].map(({ name, kind, labels }) => ({
    name,
    kind,
    labels: ['device', ...labels],
  }));
  return [...(await serviceMetrics()), ...new Map(ofDevices.map(row => [row.name, row])).values()];
}

/** The rows of every table in docs/METRICS.md: name, type, labels. */
export function metricsInDocs(): readonly MetricRow[] {
  return read('docs/METRICS.md')
    .split('\n')
    .map(line => /^\|\s*`([a-z][a-z0-9_]*)`\s*\|\s*(\w+)\s*\|([^|]*)\|/.exec(line))
    .flatMap(match =>
      match ? [{ name: match[1] ?? '', kind: match[2] ?? '', labels: codeWords(match[3] ?? '') }] : [],
    );
}

/** The names that a query may use: a histogram shows itself under three. */
export function seriesNames(rows: readonly MetricRow[]): ReadonlySet<string> {
  const parts = (row: MetricRow) => (row.kind === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']);
  return new Set(rows.flatMap(row => parts(row).map(part => row.name + part)));
}

/** Names in a query that look like metrics of ours. */
export function metricsIn(expr: string): readonly string[] {
  return [...new Set(expr.match(/\b(?:unclog|panos|junos|bmc|endace)_[a-z0-9_]+\b/g) ?? [])];
}

/** A metric without a value shows nothing, so each is given one, with all its labels. */
async function serviceMetrics(): Promise<readonly MetricRow[]> {
  const metrics = new ServiceMetrics({ version: '0', revision: '0' }, 0);
  metrics.samplesRejected('device', 'collector', 'labels', 1);
  metrics.seriesDropped('device', 'metric', 1);
  for (const metric of Object.values(metrics) as readonly (Counter | Gauge | Histogram)[]) {
    const { labelNames } = metric as unknown as { labelNames: readonly string[] };
    const labels = Object.fromEntries(labelNames.map(name => [name, 'x']));
    if ('observe' in metric) metric.observe(labels, 1);
    else metric.inc(labels, 1);
  }
  const families = (await metrics.families()).filter(family => family.name.startsWith('unclog_'));
  return families.map(({ name, kind, batches }) => {
    const labels = batches.flatMap(points => [...points]).flatMap(({ labels }) => labelNamesIn(labels));
    return { name, kind, labels: [...new Set(labels)].filter(label => label !== 'le') };
  });
}

function labelNamesIn(text: string): readonly string[] {
  return [...text.matchAll(/(\w+)="/g)].map(match => match[1] ?? '');
}

function codeWords(cell: string): readonly string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(match => match[1] ?? '');
}
