import { setImmediate as turn } from 'node:timers/promises';
import { type Case, isAtRest } from '../core/case.ts';
import { messageOf } from '../core/errors.ts';
import { advance } from './advance.ts';
import type { Bench } from './armed.ts';

/**
 * Takes cases on, one at a time per device. Nothing depends on its memory: `tick` finds every case whose time has come
 * in the store, so a crash loses no more than the step that it interrupted.
 */
export class Worker {
  readonly #bench: Bench;
  readonly #stopping = new AbortController();
  /** The end of each device's line of work. */
  readonly #lines = new Map<string, Promise<void>>();
  /** Cases that stand in a line already. */
  readonly #queued = new Set<string>();
  #turns: Promise<void> = Promise.resolve();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** Puts a case into its device's line, unless it stands there already. */
  enqueue(subject: Case): void {
    if (this.#stopping.signal.aborted || this.#queued.has(subject.id)) return;
    this.#queued.add(subject.id);
    const line = lineOf(subject);
    void this.exclusively(line, () => this.#run(subject.id, line));
  }

  /** Takes up every open case whose time has come. Cheap when there is none. */
  async tick(): Promise<void> {
    for (const subject of await this.#bench.store.due(this.#bench.clock.now())) this.enqueue(subject);
  }

  /** Takes up every open case: after a start. Overdue blocks go first. */
  async takeUp(): Promise<void> {
    await this.tick();
    const now = this.#bench.clock.now();
    for (const subject of await this.#bench.store.cases({ open: true, limit: 100_000 })) {
      if ((subject.wakeAt ?? now) <= now) this.enqueue(subject);
    }
  }

  /** Runs `work` when nothing else is being done about the device. */
  async exclusively<T>(device: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(device) ?? Promise.resolve();
    const result = before.then(work);
    const end = result.then(
      () => {},
      () => {},
    );
    this.#lines.set(device, end);
    void end.then(() => {
      if (this.#lines.get(device) === end) this.#lines.delete(device);
    });
    return result;
  }

  /** Resolves when nothing is being worked on. */
  async idle(): Promise<void> {
    while (this.#lines.size > 0) await Promise.all(this.#lines.values());
  }

  /** Stops in the middle of whatever is being done, as a crash would, only politely; the ledger knows how far it got. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('unclog is stopping'));
    await this.idle();
  }

  /**
   * One step begins per turn of the event loop: each ends in a durable write, and thousands of cases that come at once
   * must not keep scrapes and webhooks waiting.
   */
  #turn(): Promise<void> {
    this.#turns = this.#turns.then(() => turn());
    return this.#turns;
  }

  async #run(id: string, line: string): Promise<void> {
    this.#queued.delete(id);
    const { signal } = this.#stopping;
    try {
      let subject = await this.#bench.store.case(id);
      while (subject && !signal.aborted && isRunnable(subject, this.#bench.clock.now())) {
        await this.#turn();
        const before: number = subject.version;
        subject = await advance(this.#bench, subject, signal);
        if (subject.version === before) break;
        if (lineOf(subject) !== line) return this.enqueue(subject);
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#bench.log.error({ case: id, err: error, detail: messageOf(error) }, 'a case could not be taken on');
    }
  }
}

/**
 * Where a case waits for its turn. Reading back what a finished change did can take a while and changes nothing: it must
 * not keep a block of the same device from ending on time.
 */
function lineOf({ device, state, plan }: Case): string {
  return state === 'applied' && plan?.kind === 'once' ? `${device} (reading back)` : device;
}

function isRunnable(subject: Case, now: number): boolean {
  return !isAtRest(subject) && (subject.wakeAt === undefined || subject.wakeAt <= now);
}
