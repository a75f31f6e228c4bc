import type { Cursor } from './cursor.ts';
import { type LogPage, PAGE, type TrafficEntry, type TrafficLog } from './entry.ts';
import { compareTimes, earlier, later, type LogTime, plusSeconds, queryText } from './log-time.ts';
import type { Tally } from './tally.ts';

/** An entry can be read this long after the second that it carries, and is still counted. */
export const LATE_SECONDS = 60;

/** From so many entries on the beginning of the query is moved: counting them off costs the firewall. */
const MOST_SKIPPED = 50_000;
const WORTH_MOVING_SECONDS = 3 * LATE_SECONDS;

/** Entries whose numbers have more gaps than this between them cannot be told apart in bounded memory. */
const MOST_RUNS = 100_000;

export interface ReadingOn {
  readonly log: TrafficLog;
  readonly cursor: Cursor;
  readonly tally: Tally;
  /** Makes cursor and tally durable, together. */
  readonly save: () => Promise<void>;
  /** Whether there is time for another query. */
  readonly mayGoOn: () => boolean;
}

/** How far behind the newest entry the reading is, and how many entries had no number or time and were not counted. */
export interface Progress {
  readonly lagSeconds: number;
  readonly unreadable: number;
}

/**
 * Counts what came since the cursor, page by page, as long as it may. Each entry is counted once: the numbers of those
 * counted are kept for as long as a query can give them again, and cursor and counters are saved together after each
 * page. Late entries are met because reading begins again a minute before the newest entry that was known.
 *
 * Throws DeviceSurprise when the log contradicts itself; what was read before stays counted.
 */
export async function readOn(reading: ReadingOn, newest: TrafficEntry, signal: AbortSignal): Promise<Progress> {
  const { log, cursor, save } = reading;
  const known = newest.receivedAt;
  if (compareTimes(known, cursor.from) < 0 && !cursor.seen.has(newest.serial, newest.number)) {
    throw log.surprise('its newest entry is older than what was read before: was the clock set back?');
  }
  let readTo = cursor.from;
  let unreadable = 0;
  do {
    // One entry that was read already: if it is not where it was, entries before it were purged.
    const overlap = cursor.skip === 0 ? 0 : 1;
    const page = await log.page(queryText(cursor.from, known.offset), cursor.skip - overlap, signal);
    if (overlap === 1 && hasMoved(page, cursor)) {
      cursor.skip = 0;
      continue;
    }
    readTo = later(readTo, count(page, reading));
    unreadable += page.count - page.entries.length;
    if (cursor.seen.size > MOST_RUNS) throw log.surprise('the numbers of its entries have too many gaps');
    const atEnd = page.count < PAGE && (page.count <= overlap || cursor.seen.has(newest.serial, newest.number));
    if (atEnd) refuseContradiction(reading, newest);
    cursor.skip += page.count - overlap;
    move(cursor, atEnd, readTo, known);
    await save();
    if (atEnd) return { lagSeconds: 0, unreadable };
  } while (reading.mayGoOn());
  await rest(reading, readTo, known);
  return { lagSeconds: Math.max(0, compareTimes(known, readTo)), unreadable };
}

function count(page: LogPage, { cursor, tally }: ReadingOn): LogTime {
  let latest = cursor.from;
  for (const entry of page.entries) {
    // In the hour that the clocks show twice, the query gives entries of the first hour too.
    if (compareTimes(entry.receivedAt, cursor.from) < 0) continue;
    latest = later(latest, entry.receivedAt);
    if (cursor.seen.add(entry.serial, entry.number, entry.receivedAt)) tally.add(entry);
  }
  return latest;
}

function hasMoved({ entries, count: given }: LogPage, cursor: Cursor): boolean {
  const [first] = entries;
  if (given === 0) return true;
  if (!first || given > entries.length || compareTimes(first.receivedAt, cursor.from) < 0) return false;
  return !cursor.seen.has(first.serial, first.number);
}

/** The newest entry was there when the reading began, so it must have been read by the end. */
function refuseContradiction({ log, cursor }: ReadingOn, newest: TrafficEntry): void {
  if (cursor.seen.has(newest.serial, newest.number) || compareTimes(newest.receivedAt, cursor.from) < 0) return;
  throw log.surprise('a query from the last time on does not give its newest entry');
}

/** `known`: the newest entry when the reading began. What is older than a minute before it does not get more entries. */
function move(cursor: Cursor, atEnd: boolean, readTo: LogTime, known: LogTime): void {
  const settled = plusSeconds(known, -LATE_SECONDS);
  const notAfter = (time: LogTime) => (cursor.again ? earlier(time, cursor.again) : time);
  if (atEnd) {
    beginAt(cursor, notAfter(settled));
    cursor.again = undefined;
    return;
  }
  const behind = notAfter(plusSeconds(readTo, -LATE_SECONDS));
  const worthIt = cursor.skip >= MOST_SKIPPED && compareTimes(behind, cursor.from) >= WORTH_MOVING_SECONDS;
  if (worthIt && compareTimes(readTo, settled) <= 0) beginAt(cursor, behind);
}

/** The time is up before the end. What was read and may still get late entries will be read again after the end. */
async function rest({ cursor, save }: ReadingOn, readTo: LogTime, known: LogTime): Promise<void> {
  const settled = plusSeconds(known, -LATE_SECONDS);
  if (cursor.again || compareTimes(readTo, settled) <= 0) return;
  cursor.again = later(cursor.from, settled);
  await save();
}

function beginAt(cursor: Cursor, time: LogTime): void {
  cursor.from = later(cursor.from, time);
  cursor.skip = 0;
  cursor.seen.forgetBefore(cursor.from);
}
