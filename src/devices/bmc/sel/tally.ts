import type { EventKind } from './event-kind.ts';
import type { LogEvent, LogReading } from './log-event.ts';
import type { PciError } from './pci-error.ts';

/** Contents that left the log are remembered up to this many, so that a log that comes back is not counted again. */
const VANISHED_KEPT = 16_384;
const FRESH_KEPT = 64;

/** What an event log has shown since it was first looked at: counts that never fall. */
export interface Tally {
  /** Milliseconds since the epoch, by our clock. */
  readonly firstSightAt: number;
  /** A complete reading was had, so that older entries cannot turn up any more. */
  readonly settled: boolean;
  readonly seen: ReadonlyMap<string, Sighting>;
  readonly kinds: ReadonlyMap<EventKind, KindCount>;
  /** By `placeKey`. */
  readonly pci: ReadonlyMap<string, number>;
  /** PCI errors that came after first sight, oldest first: what remedies may act on. */
  readonly fresh: readonly FreshError[];
  /** Entries in the log at the last reading that was believed. */
  readonly entries: number;
  /** As the BMC gave it with the last reading. */
  readonly erasedAt?: number;
}

/** How often an entry of one content stood in the log at once. */
export interface Sighting {
  readonly times: number;
  /** Its BMC's clock was not set: the same bytes come again with the next start of the BMC. */
  readonly undated: boolean;
}

export interface KindCount {
  readonly count: number;
  /** Newest time by the BMC's clock, in seconds since the epoch. */
  readonly lastTime?: number;
}

/** A PCI error that was not in the log at first sight. */
export interface FreshError extends PciError {
  readonly content: string;
  /** Seconds since the epoch by the BMC's clock. */
  readonly time?: number;
  /** Milliseconds since the epoch by our clock: when it was first read. */
  readonly seenAt: number;
}

/** Begins a tally: the log's entries are counted, and none of them is fresh. `now` in milliseconds since the epoch. */
export function firstSight(reading: LogReading, now: number): Tally {
  const seen = new Map<string, Sighting>();
  const empty = { firstSightAt: now, settled: false, entries: 0, seen, kinds: new Map(), pci: new Map(), fresh: [] };
  return { ...advance(empty, reading, now), fresh: [] };
}

/**
 * The tally after one more reading. Entries are compared by content, as a multiset: what stands there more often than
 * ever seen is new. Record ids only tell equal entries of one reading apart, since BMCs use them again after a clear,
 * a wrap or a restart; an entry that is listed twice under one id is one.
 */
export function advance(tally: Tally, reading: LogReading, now: number): Tally {
  const current = countContents(reading.events);
  const entries = total(current);
  const believed = isWhole(reading) && !shrankWithoutErasing(tally, reading, entries);
  const kinds = new Map(tally.kinds);
  const pci = new Map(tally.pci);
  const fresh = [...tally.fresh];
  for (const { event, times } of current.values()) {
    const rise = times - (tally.seen.get(event.content)?.times ?? 0);
    if (rise <= 0) continue;
    kinds.set(event.kind, raise(kinds.get(event.kind), rise, event.time));
    if (!event.pci) continue;
    const place = placeKey(event.pci);
    pci.set(place, (pci.get(place) ?? 0) + rise);
    if (tally.settled || isNewerThanAll(event, tally)) fresh.push(freshError(event, event.pci, now));
  }
  return {
    firstSightAt: tally.firstSightAt,
    settled: tally.settled || isWhole(reading),
    entries: believed ? entries : Math.max(entries, tally.entries),
    seen: remember(tally.seen, current, believed),
    kinds,
    pci,
    fresh: fresh.slice(-FRESH_KEPT),
    ...(reading.erasedAt === undefined ? {} : { erasedAt: reading.erasedAt }),
  };
}

/** The labels of a PCI error as one text: error, bus, device and function, empty where not given. */
export function placeKey(pci: PciError): string {
  return [pci.error, pci.bus ?? '', pci.deviceFunction ?? ''].join(' ');
}

/** What a fresh error is known by: its bytes alone can come again where the BMC's clock is not set. */
export function errorKey(error: FreshError): string {
  return `${error.content}@${error.seenAt}`;
}

/** `SERR at 80:02.2`, as far as the record gives it. */
export function describeError(error: PciError): string {
  const place = [error.bus, error.deviceFunction].filter(part => part !== undefined).join(':');
  return `PCI ${error.error}${place === '' ? '' : ` at ${place}`}`;
}

interface Standing {
  readonly event: LogEvent;
  readonly times: number;
}

/** How often each content stands in a reading. */
function countContents(events: readonly LogEvent[]): Map<string, Standing> {
  const byEntry = new Map<string, LogEvent>();
  for (const event of events) {
    const entry = `${event.id} ${event.content}`;
    if (event.times > (byEntry.get(entry)?.times ?? 0)) byEntry.set(entry, event);
  }
  const counts = new Map<string, Standing>();
  for (const event of byEntry.values()) {
    counts.set(event.content, { event, times: (counts.get(event.content)?.times ?? 0) + event.times });
  }
  return counts;
}

/**
 * A dated entry is the same event whenever it is seen again. An undated one is forgotten when a reading that can be
 * believed shows it gone.
 */
function remember(
  seen: ReadonlyMap<string, Sighting>,
  current: ReadonlyMap<string, Standing>,
  believed: boolean,
): ReadonlyMap<string, Sighting> {
  const vanished = [...seen].filter(([content, { undated }]) => !current.has(content) && !(believed && undated));
  const standing = [...current].map(([content, { event, times }]): [string, Sighting] => {
    const undated = event.time === undefined;
    const before = seen.get(content)?.times ?? 0;
    return [content, { times: believed && undated ? times : Math.max(times, before), undated }];
  });
  return new Map([...vanished.slice(-VANISHED_KEPT), ...standing]);
}

function isWhole(reading: LogReading): boolean {
  return !reading.truncated && reading.undecoded === 0;
}

/** A log that lost entries without an erasure is a broken listing (seen on OpenBMC with a full ring), not a cleared log. */
function shrankWithoutErasing(tally: Tally, reading: LogReading, entries: number): boolean {
  return reading.erasedAt !== undefined && reading.erasedAt === tally.erasedAt && entries < tally.entries;
}

function total(current: ReadonlyMap<string, Standing>): number {
  let sum = 0;
  for (const { times } of current.values()) sum += times;
  return sum;
}

function raise(before: KindCount | undefined, by: number, time: number | undefined): KindCount {
  const lastTime = Math.max(before?.lastTime ?? 0, time ?? 0);
  return { count: (before?.count ?? 0) + by, ...(lastTime > 0 ? { lastTime } : {}) };
}

/** While the log was never had whole, an entry that turns up may be an old one. */
function isNewerThanAll(event: LogEvent, tally: Tally): boolean {
  const newest = Math.max(0, ...[...tally.kinds.values()].map(kind => kind.lastTime ?? 0));
  return newest > 0 && (event.time ?? 0) > newest;
}

function freshError(event: LogEvent, pci: PciError, now: number): FreshError {
  return { ...pci, content: event.content, seenAt: now, ...(event.time === undefined ? {} : { time: event.time }) };
}
