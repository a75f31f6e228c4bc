import { z } from 'zod';
import { compareTimes, later, type LogTime } from './log-time.ts';

/** Entries with consecutive numbers that were counted, both ends included. */
interface Run {
  first: bigint;
  last: bigint;
  /** When the latest of them was received. */
  latest: LogTime;
}

const number = z.string().regex(/^\d{1,20}$/);
const time = z.tuple([z.number().int(), z.number().int().nullable()]);

/** By serial number of the firewall; each run as first, last and when its latest entry was received. */
export const storedNumbers = z.record(z.string().max(64), z.array(z.tuple([number, number, time])));

export type StoredNumbers = z.output<typeof storedNumbers>;

/**
 * Which entries were counted. Numbers rise by one from entry to entry, so that a few runs hold very many; an entry that
 * comes late fills a gap between two.
 */
export class SeenNumbers {
  readonly #runs = new Map<string, Run[]>();

  static from(stored: StoredNumbers): SeenNumbers {
    const seen = new SeenNumbers();
    for (const [serial, runs] of Object.entries(stored)) {
      seen.#runs.set(
        serial,
        runs.map(([first, last, [local, offset]]) => ({
          first: BigInt(first),
          last: BigInt(last),
          latest: { local, offset: offset ?? undefined },
        })),
      );
    }
    return seen;
  }

  /** Runs held now. */
  get size(): number {
    let size = 0;
    for (const runs of this.#runs.values()) size += runs.length;
    return size;
  }

  has(serial: string, entry: bigint): boolean {
    const runs = this.#runs.get(serial) ?? [];
    const run = runs[runAtOrBefore(runs, entry)];
    return run !== undefined && entry <= run.last;
  }

  /** False when it was seen before. */
  add(serial: string, entry: bigint, receivedAt: LogTime): boolean {
    let runs = this.#runs.get(serial);
    if (!runs) this.#runs.set(serial, (runs = []));
    const index = runAtOrBefore(runs, entry);
    const before = runs[index];
    if (before && entry <= before.last) return false;
    const after = runs[index + 1];
    const joinsBefore = before !== undefined && before.last + 1n === entry;
    const joinsAfter = after !== undefined && entry + 1n === after.first;
    if (joinsBefore) {
      before.last = joinsAfter ? after.last : entry;
      before.latest = later(before.latest, joinsAfter ? later(receivedAt, after.latest) : receivedAt);
      if (joinsAfter) runs.splice(index + 1, 1);
    } else if (joinsAfter) {
      after.first = entry;
      after.latest = later(after.latest, receivedAt);
    } else {
      runs.splice(index + 1, 0, { first: entry, last: entry, latest: receivedAt });
    }
    return true;
  }

  /** Forgets the runs whose entries were all received before `time`: nobody asks for them again. */
  forgetBefore(time: LogTime): void {
    for (const [serial, runs] of this.#runs) {
      const kept = runs.filter(run => compareTimes(run.latest, time) >= 0);
      if (kept.length === 0) this.#runs.delete(serial);
      else this.#runs.set(serial, kept);
    }
  }

  toStored(): StoredNumbers {
    const stored = [...this.#runs].map(([serial, runs]): [string, StoredNumbers[string]] => [
      serial,
      runs.map(({ first, last, latest: { local, offset } }) => [
        first.toString(),
        last.toString(),
        [local, offset ?? null],
      ]),
    ]);
    return Object.fromEntries(stored);
  }
}

/** The index of the last run that begins at or before the entry; -1 when all begin after it. */
function runAtOrBefore(runs: readonly Run[], entry: bigint): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.first ?? 0n) <= entry) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
