import { ManualClock } from './manual-clock.ts';

const SHORT_MS = 1_000;

/**
 * A manual clock for the real network: waits of up to a second, as between two looks at a device, are over at once and
 * let the time pass; longer ones, as deadlines, wait for the test.
 */
export class HurriedClock extends ManualClock {
  #passing: Promise<void> = Promise.resolve();

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms > SHORT_MS) return super.sleep(ms, signal);
    signal?.throwIfAborted();
    return this.advance(ms);
  }

  /** One after the other, so that no two of them move the time against each other. */
  override advance(ms: number): Promise<void> {
    this.#passing = this.#passing.then(() => super.advance(ms));
    return this.#passing;
  }
}
