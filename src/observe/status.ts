import { messageOf } from '../core/errors.ts';
import type { CollectorRun, Outcome } from './collector-run.ts';
import type { ObservedDevice } from './observed-device.ts';

/** How a device stood when it was last looked at. Times are milliseconds since the epoch. */
export interface DeviceStatus {
  readonly name: string;
  readonly driver: string;
  /** Absent when it was not looked at yet. */
  readonly up?: boolean;
  readonly collectors: readonly CollectorStatus[];
}

export interface CollectorStatus {
  readonly name: string;
  readonly cadence: 'scrape' | number;
  /** Absent when it did not run yet. */
  readonly success?: boolean;
  readonly durationMs?: number;
  readonly lastSuccessAt?: number;
  /** Why the last run failed. */
  readonly error?: string;
}

export function deviceStatus(
  device: ObservedDevice,
  runs: readonly CollectorRun[],
  isUp: (outcome: Outcome) => boolean,
): DeviceStatus {
  const outcomes = runs.flatMap(run => run.last ?? []);
  return {
    name: device.name,
    driver: device.driver,
    ...(outcomes.length > 0 && { up: outcomes.some(isUp) }),
    collectors: runs.map(collectorStatus),
  };
}

function collectorStatus(run: CollectorRun): CollectorStatus {
  const { last, lastSuccess } = run;
  return {
    name: run.collector.name,
    cadence: run.cadence,
    ...(last && { success: last.success, durationMs: last.durationMs }),
    ...(lastSuccess && { lastSuccessAt: lastSuccess.at }),
    ...(last?.success === false && { error: messageOf(last.error) }),
  };
}
