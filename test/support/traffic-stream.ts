import { DeviceSurprise } from '../../src/core/errors.ts';
import type { LogPage, TrafficEntry, TrafficLog } from '../../src/devices/panos/traffic-log/entry.ts';
import { PAGE } from '../../src/devices/panos/traffic-log/entry.ts';
import { readLogTime } from '../../src/devices/panos/traffic-log/log-time.ts';

/** An entry and when, in seconds of the firewall's clock, a query first shows it. */
export interface Written {
  readonly entry: TrafficEntry;
  readonly visibleAt: number;
}

/** In which order a log gives its entries: by the time that they carry, or as they were written. */
export type LogOrder = 'by-time' | 'as-written';

/** The traffic log of a firewall whose clock the test sets; each entry is shown from its moment on. */
export class StreamedLog implements TrafficLog {
  now = 0;
  queries = 0;
  /** What stood before was deleted to make room. */
  purged = 0;
  readonly #written: readonly Written[];
  readonly #place: (written: Written) => number;

  constructor(written: readonly Written[], order: LogOrder = 'by-time') {
    this.#place = order === 'by-time' ? ({ entry }) => entry.receivedAt.local : ({ visibleAt }) => visibleAt;
    this.#written = written.toSorted((one, other) => this.#place(one) - this.#place(other));
  }

  async newest(): Promise<TrafficEntry | undefined> {
    this.queries += 1;
    // Late entries are never more than minutes late, so the end of what is visible is near the clock.
    for (let index = this.#firstAt(this.now + 1) - 1; index >= this.purged; index -= 1) {
      const written = this.#written[index];
      if (written && written.visibleAt <= this.now) return written.entry;
    }
    return undefined;
  }

  async page(from: string, skip: number): Promise<LogPage> {
    this.queries += 1;
    const start = readLogTime(from, undefined);
    if (!start) throw new Error(`not a time: ${from}`);
    const entries: TrafficEntry[] = [];
    let passed = 0;
    for (let index = Math.max(this.purged, this.#firstAt(start.local)); index < this.#written.length; index += 1) {
      const written = this.#written[index];
      if (!written || this.#place(written) > this.now || entries.length === PAGE) break;
      // An entry is never shown before its time, so that with either order none is left out before `#firstAt`.
      if (written.visibleAt > this.now || written.entry.receivedAt.local < start.local) continue;
      if (passed < skip) passed += 1;
      else entries.push(written.entry);
    }
    return { entries, count: entries.length };
  }

  surprise(found: string): DeviceSurprise {
    return new DeviceSurprise({ device: 'fw', tried: 'traffic log', found });
  }

  /** The index of the first entry whose place is at or after a local time. */
  #firstAt(local: number): number {
    let low = 0;
    let high = this.#written.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const written = this.#written[middle];
      if (written && this.#place(written) < local) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
