/** The traffic summary database of one member: bytes in buckets of a quarter of an hour. */
import { ALL_SEATS } from '../office.ts';

/** The vendor's summary databases aggregate at quarter hours. */
export const BUCKET_MS = 900_000;

export interface UsageRow {
  readonly src: string;
  /** `domain\user`, or empty. */
  readonly srcuser: string;
  readonly dst: string;
  readonly app: string;
  readonly bytes: bigint;
}

/** Where the bucket begins that this moment is in, in ms since the epoch. */
export function bucketStart(at: number): number {
  return Math.floor(at / BUCKET_MS) * BUCKET_MS;
}

export class UsageLog {
  readonly #buckets = new Map<number, UsageRow[]>();

  /** Adds a row to the bucket that begins at `start`. */
  add(start: number, row: UsageRow): void {
    const rows = this.#buckets.get(start);
    if (rows) rows.push(row);
    else this.#buckets.set(start, [row]);
  }

  rows(start: number): readonly UsageRow[] {
    return this.#buckets.get(start) ?? [];
  }

  clear(): void {
    this.#buckets.clear();
  }
}

const KILOBYTE = 1_000;

/** What the office uses in any bucket: no more than 2 MB each, and the same whenever one asks. */
export function officeUsage(start: number): readonly UsageRow[] {
  return ALL_SEATS.map(({ source, user }, index) => ({
    src: source,
    srcuser: user,
    dst: `198.51.100.${20 + index}`,
    app: index % 2 === 0 ? 'ssl' : 'web-browsing',
    bytes: BigInt((100 + (((start / BUCKET_MS) * 37 + index * 311) % 1_900)) * KILOBYTE),
  }));
}
