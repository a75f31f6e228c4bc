import type { Clock } from '../../../core/clock.ts';
import type { Usage } from './usage.ts';

/** A closed bucket does not change; this is only as long as one notification's alerts take to be looked at. */
const SHARED_MS = 10_000;

/** One reading of usage for the many cases that one notification opens: a report is dear for the device. */
export class SharedUsage {
  readonly #clock: Clock;
  #last: { readonly at: number; readonly usage: Usage | undefined } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The reading of the last ten seconds, or a new one. A reading that fails, or has no data, is not shared. */
  async get(read: () => Promise<Usage | undefined>): Promise<Usage | undefined> {
    const at = this.#clock.monotonic();
    if (this.#last?.usage && at - this.#last.at < SHARED_MS) return this.#last.usage;
    const usage = await read();
    this.#last = { at, usage };
    return usage;
  }
}
