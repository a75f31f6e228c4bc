/** Summary logs of the device are made in quarters of an hour of its own wall clock (trsum: vendor documents). */
export const BUCKET_MS = 15 * 60_000;

/** A closed bucket is complete after two minutes: measured on 11.x. */
const SETTLE_MS = 120_000;

/** A quarter of an hour that is over. */
export interface Bucket {
  /** `2026/05/11 09:15:00` on the device's wall clock. */
  readonly first: string;
  /** Its last second, which the device counts in: `2026/05/11 09:29:59`. */
  readonly last: string;
  /** When it ended: milliseconds since the epoch. */
  readonly endsAt: number;
}

/**
 * The last bucket that is complete. `local` is the device's wall clock as if it stood in UTC, `now` the time here: from
 * both comes the offset of its zone, to the quarter of an hour, so a device whose clock is off by less than seven
 * minutes is understood.
 */
export function settledBucket(local: number, now: number): Bucket {
  return bucketEndingAt(quarter(local - SETTLE_MS), local, now);
}

/** The last bucket that is over, complete or not: what a saved report of the last 15 minutes covers. */
export function closedBucket(local: number, now: number): Bucket {
  return bucketEndingAt(quarter(local), local, now);
}

function bucketEndingAt(end: number, local: number, now: number): Bucket {
  const offset = Math.round((local - now) / BUCKET_MS) * BUCKET_MS;
  return { first: inWords(end - BUCKET_MS), last: inWords(end - 1_000), endsAt: end - offset };
}

function quarter(local: number): number {
  return Math.floor(local / BUCKET_MS) * BUCKET_MS;
}

function inWords(local: number): string {
  return new Date(local).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
