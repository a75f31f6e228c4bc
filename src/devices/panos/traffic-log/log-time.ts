/**
 * When an entry was received, to the second. The firewall prints local time without a zone, and asks for it in queries;
 * the offset comes from `high_res_timestamp` (10.0 and later) and makes two times comparable over a change of the clocks.
 */
export interface LogTime {
  /** What the firewall's clock showed, in seconds since the epoch as if it stood in UTC. */
  readonly local: number;
  /** Seconds east of UTC; undefined where the entry does not tell. */
  readonly offset: number | undefined;
}

const LOCAL = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;
const OFFSET = /T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** The time before every other. */
export const BEGINNING: LogTime = { local: 0, offset: undefined };

/** From `2026/03/10 21:48:27` and, where there is one, `2026-03-10T21:48:27.246-07:00`. Undefined when it is no time. */
export function readLogTime(receiveTime: string | undefined, highResolution: string | undefined): LogTime | undefined {
  const match = LOCAL.exec(receiveTime ?? '');
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const local = Date.UTC(year, month - 1, day, hour, minute, second) / 1_000;
  return localText(local) === receiveTime ? { local, offset: readOffset(highResolution) } : undefined;
}

/** Negative when `one` is earlier. With an offset on both sides the true times are compared, else what the clocks showed. */
export function compareTimes(one: LogTime, other: LogTime): number {
  if (one.offset === undefined || other.offset === undefined) return one.local - other.local;
  return one.local - one.offset - (other.local - other.offset);
}

export function earlier(one: LogTime, other: LogTime): LogTime {
  return compareTimes(one, other) <= 0 ? one : other;
}

export function later(one: LogTime, other: LogTime): LogTime {
  return compareTimes(one, other) >= 0 ? one : other;
}

export function plusSeconds({ local, offset }: LogTime, seconds: number): LogTime {
  return { local: Math.max(0, local + seconds), offset };
}

/** As a query of the firewall wants it, when its clock now has the offset `now`. */
export function queryText({ local, offset }: LogTime, now: number | undefined): string {
  return localText(offset === undefined || now === undefined ? local : local - offset + now);
}

function readOffset(text: string | undefined): number | undefined {
  const match = OFFSET.exec(text ?? '');
  if (!match) return undefined;
  const [, sign, hours = 0, minutes = 0] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60);
}

function localText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
