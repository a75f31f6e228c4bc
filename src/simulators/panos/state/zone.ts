/** The firewall's time zone as an offset, and its local times read back. */

const QUARTER_MS = 900_000;
const MOST_REMEMBERED = 10_000;
const offsets = new Map<string, number>();

/** Milliseconds that the zone is ahead of UTC at that moment. Offsets change at quarter hours only. */
export function offsetAt(ms: number, timeZone: string): number {
  const quarter = Math.floor(ms / QUARTER_MS);
  const key = `${timeZone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_REMEMBERED) offsets.clear();
  const found = computedOffset(quarter * QUARTER_MS, timeZone);
  offsets.set(key, found);
  return found;
}

/**
 * The moment that `2026/05/11 09:15:00` means in the zone, in ms since the epoch; undefined for a text that is no such
 * time. Of the two moments that the end of summer time gives it takes the first.
 */
export function momentOf(local: string, timeZone: string): number | undefined {
  const match = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}):(\d{2}):(\d{2})$/.exec(local);
  if (!match) return undefined;
  const asUtc = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const before = offsetAt(asUtc - 86_400_000, timeZone);
  const candidate = asUtc - before;
  return offsetAt(candidate, timeZone) === before ? candidate : asUtc - offsetAt(asUtc + 86_400_000, timeZone);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function computedOffset(ms: number, timeZone: string): number {
  const known = formatters.get(timeZone);
  const formatter = known ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  if (!known) formatters.set(timeZone, formatter);
  const name = formatter.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name);
  if (!match?.[1]) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -1 : 1) * minutes * 60_000;
}
