/** One alert of an Alertmanager notification, already parsed and size-checked. A hint, never a command. */
export interface Alert {
  /** 16 hex digits, Alertmanager's hash of the labels. */
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. The same episode keeps its start over repeats and restarts of Prometheus. */
  readonly startsAt: number;
}
