import { setImmediate as turn } from 'node:timers/promises';
import type { Metric, Sample } from '../core/sample.ts';
import { labelText, type Point } from './family.ts';

/** Why a collector's sample was left out. */
export type Rejection = 'unknown-metric' | 'labels' | 'duplicate' | 'not-finite';

/** What a collector's samples came to. */
interface CheckedSeries {
  readonly points: ReadonlyMap<Metric, readonly Point[]>;
  readonly rejected: ReadonlyMap<Rejection, number>;
  /** Series over `metric.limit`, by metric name. */
  readonly dropped: ReadonlyMap<string, number>;
}

const LABEL_VALUE_MAX = 1_024;
const SAMPLES_PER_TURN = 2_000;

/**
 * Checks what a collector gave against what it declared, sets the label `device`, and keeps the largest values of an
 * open-ended metric. A bad sample is left out and counted: it never breaks the page.
 */
export async function checkSeries(
  device: string,
  declared: readonly Metric[],
  samples: readonly Sample[],
): Promise<CheckedSeries> {
  const byName = new Map(declared.map(metric => [metric.name, new MetricSeries(device, metric)]));
  const rejected = new Map<Rejection, number>();
  let seen = 0;
  for (const sample of samples) {
    if (++seen % SAMPLES_PER_TURN === 0) await turn();
    const rejection = byName.get(sample.metric.name)?.add(sample) ?? 'unknown-metric';
    if (rejection !== 'added') rejected.set(rejection, (rejected.get(rejection) ?? 0) + 1);
  }
  const all = [...byName.values()];
  return {
    points: new Map(all.map(series => [series.metric, series.points()])),
    rejected,
    dropped: new Map(all.filter(series => series.dropped > 0).map(series => [series.metric.name, series.dropped])),
  };
}

class MetricSeries {
  readonly metric: Metric;
  readonly #device: string;
  readonly #seen = new Set<string>();
  #points: Point[] = [];
  dropped = 0;

  constructor(device: string, metric: Metric) {
    this.#device = device;
    this.metric = metric;
  }

  add(sample: Sample): Rejection | 'added' {
    if (typeof sample.value === 'number' && !Number.isFinite(sample.value)) return 'not-finite';
    const labels = this.#labels(sample.labels);
    if (labels === undefined) return 'labels';
    if (this.#seen.has(labels)) return 'duplicate';
    this.#seen.add(labels);
    this.#points.push({ suffix: '', labels, value: sample.value });
    const { limit } = this.metric;
    if (limit !== undefined && this.#points.length >= limit * 2) this.#cut(limit);
    return 'added';
  }

  points(): readonly Point[] {
    const { limit } = this.metric;
    if (limit !== undefined && this.#points.length > limit) this.#cut(limit);
    return this.#points;
  }

  #labels(given: Readonly<Record<string, string>>): string | undefined {
    const { labels } = this.metric;
    if (Object.keys(given).length !== labels.length) return undefined;
    const pairs: [string, string][] = [['device', this.#device]];
    for (const name of labels) {
      const value: unknown = Object.hasOwn(given, name) ? given[name] : undefined;
      if (typeof value !== 'string' || value.length > LABEL_VALUE_MAX) return undefined;
      pairs.push([name, value]);
    }
    return labelText(pairs);
  }

  // Cut in steps while samples come in: sorting them all at the end would hold the event loop.
  #cut(limit: number): void {
    this.#points.sort(largestFirst);
    this.dropped += this.#points.length - limit;
    this.#points = this.#points.slice(0, limit);
  }
}

// Equal values are ordered by label, so that the same series stay from scrape to scrape.
function largestFirst(a: Point, b: Point): number {
  if (a.value !== b.value) return a.value > b.value ? -1 : 1;
  return a.labels < b.labels ? -1 : 1;
}
