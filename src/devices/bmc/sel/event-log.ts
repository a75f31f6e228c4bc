import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../core/clock.ts';
import type { DeviceMemory } from '../../contract.ts';
import type { LogReading } from './log-event.ts';
import { advance, firstSight, type Tally } from './tally.ts';
import { fromMemory, toMemory } from './tally-memory.ts';

const MEMORY_KEY = 'event-log';

/** The log as it is now, and what it has shown so far. */
export interface LogView {
  readonly reading: LogReading;
  readonly tally: Tally;
}

/** Reads a BMC's event log and keeps the tally of it. The tally is durable before anybody sees a count of it. */
export class EventLog {
  readonly #device: string;
  readonly #memory: DeviceMemory;
  readonly #clock: Clock;
  #last: LogView | undefined;
  #running: Promise<LogView> | undefined;

  constructor(device: string, memory: DeviceMemory, clock: Clock) {
    this.#device = device;
    this.#memory = memory;
    this.#clock = clock;
  }

  /**
   * Looks into the log, or joins the look under way: two tallies made from the same memory would lose the events of one.
   * Who gives up leaves the look to those after him, since a slow BMC takes longer for a full log than a deadline allows.
   */
  async look(read: () => Promise<LogReading>, signal: AbortSignal): Promise<LogView> {
    signal.throwIfAborted();
    this.#running ??= this.#look(read).finally(() => (this.#running = undefined));
    return unless(signal, this.#running);
  }

  async #look(read: () => Promise<LogReading>): Promise<LogView> {
    const reading = await read();
    const last = this.#last;
    if (last && (last.reading === reading || isDeepStrictEqual(last.reading, reading))) return last;
    const remembered = last?.tally ?? (await this.#recall());
    const now = this.#clock.now();
    const tally = remembered ? advance(remembered, reading, now) : firstSight(reading, now);
    await this.#memory.put(MEMORY_KEY, toMemory(tally));
    this.#last = { reading, tally };
    return this.#last;
  }

  async #recall(): Promise<Tally | undefined> {
    const value = await this.#memory.get(MEMORY_KEY);
    return value === undefined ? undefined : fromMemory(this.#device, value);
  }
}

/** The promise, or the signal's reason when that aborts first. */
function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
