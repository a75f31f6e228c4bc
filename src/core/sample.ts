/** A metric that collectors may give. Every one stands in docs/METRICS.md. */
export interface Metric {
  /** Prometheus name; counters end in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly kind: 'gauge' | 'counter';
  /** Label names besides `device`, which the runner sets. */
  readonly labels: readonly string[];
  /** The most series one device may have; the largest values stay, the rest is counted as dropped. */
  readonly limit?: number;
}

/** One value of a metric. Absent is not zero: where the device gave nothing, there is no sample. */
export interface Sample {
  readonly metric: Metric;
  readonly labels: Readonly<Record<string, string>>;
  /** A bigint where sums can pass 2^53. */
  readonly value: number | bigint;
}

export function sample(metric: Metric, labels: Readonly<Record<string, string>>, value: number | bigint): Sample {
  return { metric, labels, value };
}
