import type { Clock } from '../../../core/clock.ts';
import type { Usage } from './usage.ts';

/** As long as it takes to look at the alerts of one notification. */
const SHARED_MS = 10_000;

/**
 * One reading of usage for the many cases that one notification opens: a report is dear for the device. What is over a
 * limit in a closed bucket stays over it, so an old reading is good enough to act on; to find somebody innocent it is not.
 */
export class SharedUsage {
  readonly #clock: Clock;
  #last: { readonly at: number; readonly usage: Usage } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The reading of the last ten seconds, if `suffices` says so of it, or a new one. One without data is not shared. */
  async get(read: () => Promise<Usage | undefined>, suffices: (usage: Usage) => boolean): Promise<Usage | undefined> {
    const at = this.#clock.monotonic();
    if (this.#last && at - this.#last.at < SHARED_MS && suffices(this.#last.usage)) return this.#last.usage;
    const usage = await read();
    this.#last = usage && { at, usage };
    return usage;
  }
}
