import type { LogEvent } from './log-event.ts';
import type { FreshError } from './tally.ts';

/** A content that is bytes 3 to 16 of a system event. Contents of entries without raw bytes are sums, and longer. */
const SYSTEM_EVENT = /^02[0-9a-f]{26}$/;
const WRITER = [5, 6] as const;
const SENSOR = [8, 9] as const;
const DIRECTION_AT = 10;
const DATA_1_AT = 11;
const PLACE = [12, 13] as const;
const NOT_GIVEN = 0xff;

/**
 * Whether the log also holds the deassertion that takes this error back: of the same writer, sensor and offset, for the
 * same place or none, and not older by the BMC's clock. False where the entries do not carry the raw bytes.
 */
export function isTakenBack(error: FreshError, events: readonly LogEvent[]): boolean {
  const asserted = bytesOf(error.content);
  if (!asserted) return false;
  return events.some(event => {
    const later = event.kind === 'deassertion' ? bytesOf(event.content) : undefined;
    return later !== undefined && takesBack(later, asserted, event.time, error.time);
  });
}

function takesBack(later: Buffer, asserted: Buffer, time: number | undefined, before: number | undefined): boolean {
  const same = (at: number, mask = 0xff) => ((later[at] ?? 0) & mask) === ((asserted[at] ?? 0) & mask);
  if (![...WRITER, ...SENSOR].every(at => same(at))) return false;
  if (!same(DIRECTION_AT, 0x7f) || !same(DATA_1_AT, 0x0f)) return false;
  if (!PLACE.every(at => same(at) || later[at] === NOT_GIVEN)) return false;
  // Clocks that were not set cannot be compared; then it counts, because not to act is the safe side.
  return time === undefined || before === undefined || time >= before;
}

function bytesOf(content: string): Buffer | undefined {
  return SYSTEM_EVENT.test(content) ? Buffer.from(content, 'hex') : undefined;
}
