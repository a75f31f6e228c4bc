/** Times as a firewall prints them: in its own time zone, most of them without an offset. */
import { offsetAt } from './zone.ts';

/** `Tue Mar 10 15:08:54 2026`, the day of the month padded with a space as `ctime` does. */
export function ctime(ms: number, timeZone: string): string {
  const part = localParts(ms, timeZone);
  return `${part.weekday} ${part.month} ${part.day.padStart(2, ' ')} ${part.time} ${part.year}`;
}

/** `Tue Mar 10 15:08:54 PDT 2026`, as `show clock` prints it. */
export function clockLine(ms: number, timeZone: string): string {
  const part = localParts(ms, timeZone);
  return `${part.weekday} ${part.month} ${part.day.padStart(2, ' ')} ${part.time} ${part.zone} ${part.year}`;
}

/** `2026/03/10 15:08:54`, as jobs, locks, logs and reports print it. */
export function slashedTime(ms: number, timeZone: string): string {
  return shifted(ms, timeZone).slice(0, 19).replace('T', ' ').replaceAll('-', '/');
}

/** `15:08:54` */
export function timeOfDay(ms: number, timeZone: string): string {
  return shifted(ms, timeZone).slice(11, 19);
}

/** `2026-03-10T21:48:27.246-07:00`, the one time that logs print with its offset. */
export function highResolutionTime(ms: number, timeZone: string): string {
  const offset = offsetAt(ms, timeZone) / 60_000;
  const pad = (value: number) => String(value).padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${shifted(ms, timeZone).slice(0, 23)}${zone}`;
}

/** `21 days, 5:40:08` */
export function uptime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  return `${days} days, ${Math.floor((seconds % 86_400) / 3_600)}:${pad(Math.floor((seconds % 3_600) / 60))}:${pad(seconds % 60)}`;
}

// Local time in the form of ISO 8601, whatever its suffix says. Far cheaper than a formatter, for logs by the thousand.
function shifted(ms: number, timeZone: string): string {
  return new Date(ms + offsetAt(ms, timeZone)).toISOString();
}

function localParts(ms: number, timeZone: string) {
  const parts = formatterOf(timeZone).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(candidate => candidate.type === type)?.value ?? '';
  return {
    weekday: part('weekday'),
    month: part('month'),
    day: part('day'),
    year: part('year'),
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
    zone: part('timeZoneName'),
  };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  formatters.set(timeZone, made);
  return made;
}
