import { TrafficColumns } from './traffic-columns.ts';
import type { TrafficFacts } from './traffic.ts';

/** Sessions that end one after the other, evenly over a time. */
export interface TrafficStream {
  readonly facts: TrafficFacts;
  readonly startsAt: number;
  readonly spanMs: number;
  readonly count: number;
  /** How long before they can be read their receive time lies. */
  readonly lateMs: number;
  /** All have the receive time of the first. */
  readonly sameSecond: boolean;
}

/** One entry of the log. `position` counts from 0 in the order of writing; sequence numbers follow it. */
export interface TrafficEntry {
  readonly position: number;
  readonly facts: TrafficFacts;
  /** Which session of its stream this is, counted from 0. */
  readonly n: number;
  readonly receivedAt: number;
}

interface Running {
  readonly stream: TrafficStream;
  readonly index: number;
  written: number;
}

/**
 * The traffic log of one member. Streams are written as time passes, each entry as a few numbers, so that a million
 * entries take some tens of megabytes.
 */
export class TrafficLog {
  readonly #streams: TrafficStream[] = [];
  readonly #columns = new TrafficColumns();
  #running: Running[] = [];

  get length(): number {
    return this.#columns.length;
  }

  add(stream: TrafficStream, written = 0): void {
    this.#running.push({ stream, index: this.#streams.push(stream) - 1, written });
  }

  /** Writes what has ended by now, in the order of time. */
  advance(now: number): void {
    for (;;) {
      const next = this.#earliest();
      if (!next || writtenAt(next.stream, next.written) > now) break;
      this.#write(next);
    }
  }

  /** Hands what is still to come to the member that carries the traffic from now on. */
  handOver(to: TrafficLog): void {
    for (const { stream, written } of this.#running) to.add(stream, written);
    this.#running = [];
  }

  entry(position: number): TrafficEntry {
    const { n, receivedAt, stream } = this.#columns.row(position);
    const facts = this.#streams[stream]?.facts;
    if (!facts) throw new RangeError(`no log entry ${position}`);
    return { position, facts, n, receivedAt };
  }

  /** The first position that was written after that moment. */
  firstAfter(moment: number): number {
    return this.#columns.firstWrittenAfter(moment);
  }

  #earliest(): Running | undefined {
    let earliest: Running | undefined;
    for (const running of this.#running) {
      const at = writtenAt(running.stream, running.written);
      if (!earliest || at < writtenAt(earliest.stream, earliest.written)) earliest = running;
    }
    return earliest;
  }

  #write(running: Running): void {
    const { index, stream, written } = running;
    const at = writtenAt(stream, written);
    const base = stream.sameSecond ? Math.floor(stream.startsAt / 1_000) * 1_000 : at;
    this.#columns.push({ stream: index, n: written, writtenAt: at, receivedAt: base - stream.lateMs });
    running.written++;
    if (running.written === stream.count) this.#running = this.#running.filter(other => other !== running);
  }
}

function writtenAt({ count, spanMs, startsAt }: TrafficStream, n: number): number {
  return startsAt + (spanMs * n) / count;
}
