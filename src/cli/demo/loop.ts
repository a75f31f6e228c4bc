import { type Case, isAtRest } from '../../core/case.ts';
import type { SimulatedDevice } from '../../simulators/device.ts';

/** One loop that the demo closes before your eyes: trouble on a device, and the remedy that ends it. */
export interface DemoLoop {
  readonly name: string;
  /** Name of the simulated device. */
  readonly device: string;
  readonly remedy: string;
  /** Where several loops share a remedy: the target that this one is about, as `user:corp\\bob`. */
  readonly target?: string;
  /** The remedy's entry under `remedies:`, with times short enough to watch. `folder` is the demo's own. */
  policy(folder: string): Readonly<Record<string, unknown>>;
  /** Makes the trouble, and says what was done. */
  breach(device: SimulatedDevice): string;
  /** Whether this case, at rest, closed the loop as it should. */
  closes(subject: Case): boolean;
  /** Puts the device in order again, where the remedy leaves the trouble standing. */
  after?(device: SimulatedDevice): void;
}

/** At rest, proven and effective: how most loops close. */
export function endedWell(subject: Case): boolean {
  return isAtRest(subject) && subject.verdict?.proven === true && subject.verdict.effect === 'effective';
}
