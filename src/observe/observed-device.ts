import { Bug } from '../core/errors.ts';
import type { Metric } from '../core/sample.ts';
import type { Collector, Session } from '../devices/contract.ts';

/** A configured device, as the runner needs it. */
export interface ObservedDevice {
  readonly name: string;
  readonly driver: string;
  readonly session: Session;
  readonly collectors: readonly Collector<Session>[];
}

const NAME = /^[a-z][a-z0-9_]*$/;
const OWN = /^(unclog|process|nodejs)_/;

/**
 * Throws Bug when the collectors' metrics cannot stand on one page: a bad or reserved name, a name that means two
 * things, or a metric that two collectors of one device both give.
 */
export function checkMetrics(devices: readonly ObservedDevice[]): void {
  const meaning = new Map<string, string>();
  for (const device of devices) {
    const owner = new Map<string, string>();
    for (const collector of device.collectors) {
      for (const metric of collector.metrics) {
        checkNames(metric);
        const other = owner.get(metric.name);
        if (other !== undefined) {
          throw new Bug(`${device.driver}: collectors ${other} and ${collector.name} both give ${metric.name}`);
        }
        owner.set(metric.name, collector.name);
        const shape = JSON.stringify([metric.kind, metric.labels]);
        if ((meaning.get(metric.name) ?? shape) !== shape) {
          throw new Bug(`${metric.name} has another kind or other labels in another driver than in ${device.driver}`);
        }
        meaning.set(metric.name, shape);
      }
    }
  }
}

function checkNames(metric: Metric): void {
  const { name, kind, labels } = metric;
  if (!NAME.test(name) || OWN.test(name)) throw new Bug(`${name} cannot be the name of a device's metric`);
  if (name.endsWith('_total') !== (kind === 'counter'))
    throw new Bug(`${name}: counters, and only they, end in _total`);
  if (labels.includes('device')) throw new Bug(`${name}: the label device is set by the runner`);
  for (const label of labels) if (!NAME.test(label)) throw new Bug(`${name}: ${label} cannot be a label name`);
  if (new Set(labels).size !== labels.length) throw new Bug(`${name}: a label is named twice`);
}
