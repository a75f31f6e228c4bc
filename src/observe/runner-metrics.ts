import type { Metric } from '../core/sample.ts';

/** What the runner itself says of every device. The label `device` is set as for every collector's metric. */

export const deviceUp: Metric = {
  name: 'unclog_device_up',
  help: 'Whether the device answered: 1 when at least one of its collectors got an answer.',
  kind: 'gauge',
  labels: ['driver'],
};

export const collectorSuccess: Metric = {
  name: 'unclog_collector_success',
  help: 'Whether the collector gave its samples in time, at its last run.',
  kind: 'gauge',
  labels: ['collector'],
};

export const collectorDuration: Metric = {
  name: 'unclog_collector_duration_seconds',
  help: 'How long the last run of the collector took.',
  kind: 'gauge',
  labels: ['collector'],
};

export const collectorLastSuccess: Metric = {
  name: 'unclog_collector_last_success_timestamp_seconds',
  help: 'When the collector last succeeded.',
  kind: 'gauge',
  labels: ['collector'],
};

export const collectorAge: Metric = {
  name: 'unclog_collector_age_seconds',
  help: 'Age of the samples of a collector that runs in the background, less often than the device is scraped.',
  kind: 'gauge',
  labels: ['collector'],
};

export const RUNNER_METRICS: readonly Metric[] = [
  deviceUp,
  collectorSuccess,
  collectorDuration,
  collectorLastSuccess,
  collectorAge,
];
