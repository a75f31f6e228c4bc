import type { Metric } from '../core/sample.ts';

/** One series of a family, ready to be written. */
export interface Point {
  /** What follows the family's name: empty, or `_bucket`, `_sum`, `_count` of a histogram. */
  readonly suffix: string;
  /** `{device="fw-edge",dataplane="dp0"}`, escaped; empty when there are none. Equal text means equal series. */
  readonly labels: string;
  readonly value: number | bigint;
}

/** All series of one metric name: they must stand together, after one HELP and one TYPE line. */
export interface Family {
  /** As Prometheus stores it: a counter ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly kind: 'gauge' | 'counter' | 'histogram' | 'summary';
  /** In batches, so that joining devices copies no series. */
  readonly batches: (readonly Point[])[];
}

/** Gathers batches of points by metric name, in the order in which the names first came. */
export class FamilyList {
  readonly #families = new Map<string, Family>();

  add(metric: Pick<Metric, 'name' | 'help' | 'kind'>, points: readonly Point[]): void {
    if (points.length === 0) return;
    const known = this.#families.get(metric.name);
    if (known) known.batches.push(points);
    else this.#families.set(metric.name, { ...pick(metric), batches: [points] });
  }

  list(): readonly Family[] {
    return [...this.#families.values()];
  }
}

/** Label text of one series. Names must be valid; values may hold anything. */
export function labelText(labels: readonly (readonly [name: string, value: string])[]): string {
  if (labels.length === 0) return '';
  return `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')}}`;
}

function pick(metric: Pick<Metric, 'name' | 'help' | 'kind'>): Omit<Family, 'batches'> {
  return { name: metric.name, help: metric.help, kind: metric.kind };
}

// Lone surrogates have no UTF-8 form: two of them would become the same series only when written.
function escapeLabel(value: string): string {
  const text = value.isWellFormed() ? value : value.toWellFormed();
  return /[\\"\n]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : text;
}
