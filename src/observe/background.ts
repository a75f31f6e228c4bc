import cron from 'node-cron';
import type { Clock } from '../core/clock.ts';
import type { CollectorRun, Outcome } from './collector-run.ts';

/** A result is shown until this many cadences have passed without a better one. */
const STALE_AFTER_CADENCES = 3;
const SHORTEST_DEADLINE_MS = 30_000;

interface Due {
  readonly run: CollectorRun;
  readonly cadenceMs: number;
  /** On the monotonic clock, in milliseconds. */
  at: number;
}

/** Runs the collectors that have a cadence, each when it is due, whoever scrapes and however often. */
export class Background {
  readonly #clock: Clock;
  readonly #due: readonly Due[];
  readonly #stop = new AbortController();

  constructor(runs: readonly CollectorRun[], clock: Clock) {
    this.#clock = clock;
    this.#due = runs.flatMap(run => {
      const { cadence } = run;
      return cadence === 'scrape' ? [] : [{ run, cadenceMs: cadence * 1_000, at: clock.monotonic() }];
    });
  }

  /** Ticks every second until `stop`. Works from due times, so a missed tick only delays. */
  start(): void {
    if (this.#due.length === 0) return;
    const task = cron.schedule('* * * * * *', () => void this.tick());
    this.#stop.signal.addEventListener('abort', () => void task.destroy(), { once: true });
  }

  /** Starts what is due. Resolves when everything that this tick started is done. */
  async tick(): Promise<void> {
    const now = this.#clock.monotonic();
    const due = this.#due.filter(entry => entry.at <= now && !entry.run.isRunning && !this.#stop.signal.aborted);
    await Promise.all(due.map(entry => this.#run(entry, now)));
  }

  /** Stops the ticking and the collectors under way. */
  stop(): void {
    this.#stop.abort(new Error('the service stops'));
  }

  /** The last good result of a collector with a cadence, unless it is too old to be shown. */
  fresh(run: CollectorRun): Extract<Outcome, { success: true }> | undefined {
    const { cadence, lastSuccess } = run;
    if (cadence === 'scrape' || !lastSuccess) return lastSuccess;
    const age = this.#clock.now() - lastSuccess.at;
    return age <= STALE_AFTER_CADENCES * cadence * 1_000 ? lastSuccess : undefined;
  }

  async #run(entry: Due, now: number): Promise<void> {
    entry.at = now + entry.cadenceMs;
    const deadline = new AbortController();
    const done = new AbortController();
    const stop = AbortSignal.any([deadline.signal, this.#stop.signal]);
    const timer = this.#clock.sleep(Math.max(entry.cadenceMs, SHORTEST_DEADLINE_MS), done.signal).then(
      () => deadline.abort(),
      () => undefined,
    );
    await entry.run.until(stop);
    done.abort(new Error('done'));
    await timer;
  }
}
