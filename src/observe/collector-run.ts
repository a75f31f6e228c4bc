import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import type { Metric, Sample } from '../core/sample.ts';
import { messageOf, PartialResult } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Cadence, Collector, Session } from '../devices/contract.ts';
import type { Point } from './family.ts';
import { checkSeries } from './series.ts';
import type { Tally } from './tally.ts';

/** What a collector came to. Times are milliseconds; `at` since the epoch. */
export type Outcome =
  | {
      readonly success: true;
      readonly at: number;
      readonly durationMs: number;
      readonly points: ReadonlyMap<Metric, readonly Point[]>;
    }
  | {
      readonly success: false;
      readonly at: number;
      readonly durationMs: number;
      readonly error: unknown;
      /** What could be read all the same. */
      readonly points?: ReadonlyMap<Metric, readonly Point[]>;
    };

export interface RunTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
}

interface Running {
  readonly outcome: Promise<Outcome>;
  readonly stop: AbortController;
  waiting: number;
}

/** One collector of one device. Never runs twice at a time: whoever asks while it runs gets the same outcome. */
export class CollectorRun {
  readonly device: string;
  readonly collector: Collector<Session>;
  readonly cadence: Cadence;
  readonly #session: Session;
  readonly #tools: RunTools;
  #running: Running | undefined;
  #last: Outcome | undefined;
  #lastSuccess: Extract<Outcome, { success: true }> | undefined;

  constructor(device: string, session: Session, collector: Collector<Session>, tools: RunTools) {
    this.device = device;
    this.collector = collector;
    this.cadence = collector.cadenceOf?.(session) ?? collector.cadence;
    this.#session = session;
    this.#tools = tools;
  }

  get last(): Outcome | undefined {
    return this.#last;
  }

  get lastSuccess(): Extract<Outcome, { success: true }> | undefined {
    return this.#lastSuccess;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Runs the collector, or joins the run under way. Gives a failure when `deadline` aborts first; the collector itself
   * is stopped only when nobody waits for it any more, and may then hand over at once what it has.
   */
  async until(deadline: AbortSignal): Promise<Outcome> {
    const began = this.#tools.clock.monotonic();
    while (this.#running?.stop.signal.aborted && !deadline.aborted) await settled(this.#running.outcome, deadline);
    const running = deadline.aborted ? undefined : (this.#running ??= this.#start());
    if (!running) return this.#late(began);
    running.waiting += 1;
    const outcome = await settled(running.outcome, deadline);
    running.waiting -= 1;
    if (outcome) return outcome;
    if (running.waiting > 0) return this.#late(began);
    running.stop.abort(new Error('the deadline passed'));
    const handedOver = await Promise.race([running.outcome, turn(undefined)]);
    return handedOver?.points ? handedOver : this.#late(began);
  }

  #start(): Running {
    const stop = new AbortController();
    const outcome = this.#collect(stop.signal).finally(() => (this.#running = undefined));
    return { outcome, stop, waiting: 0 };
  }

  async #collect(signal: AbortSignal): Promise<Outcome> {
    const { clock, log } = this.#tools;
    const { device, collector } = this;
    const began = clock.monotonic();
    log.debug({ device, collector: collector.name }, 'collector begins');
    try {
      const samples = await collector.collect(this.#session, signal);
      const points = await this.#check(samples);
      const durationMs = clock.monotonic() - began;
      log.debug({ device, collector: collector.name, durationMs, samples: samples.length }, 'collector done');
      this.#lastSuccess = { success: true, at: clock.now(), durationMs, points };
      return (this.#last = this.#lastSuccess);
    } catch (error) {
      const durationMs = clock.monotonic() - began;
      log.warn({ device, collector: collector.name, durationMs, error: messageOf(error) }, 'collector failed');
      const points = error instanceof PartialResult ? await this.#check(error.samples) : undefined;
      return (this.#last = { success: false, at: clock.now(), durationMs, error, ...(points && { points }) });
    }
  }

  async #check(samples: readonly Sample[]): Promise<ReadonlyMap<Metric, readonly Point[]>> {
    const { log, tally } = this.#tools;
    const { device, collector } = this;
    const { points, rejected, dropped } = await checkSeries(device, collector.metrics, samples);
    for (const [reason, count] of rejected) {
      tally.samplesRejected(device, collector.name, reason, count);
      log.warn({ device, collector: collector.name, reason, count }, 'samples left out');
    }
    for (const [metric, count] of dropped) tally.seriesDropped(device, metric, count);
    return points;
  }

  #late(began: number): Outcome {
    const { clock, log } = this.#tools;
    const durationMs = clock.monotonic() - began;
    log.warn({ device: this.device, collector: this.collector.name, durationMs }, 'collector not done in time');
    const error = new Error('not done by the deadline of the scrape');
    return (this.#last = { success: false, at: clock.now(), durationMs, error });
  }
}

/** The promise's value, or undefined when the signal aborts first. The promise must not reject. */
function settled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise(resolve => {
    const onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(value => {
      signal.removeEventListener('abort', onAbort);
      resolve(value);
    });
  });
}
