/** Times as a firewall prints them: in its own time zone and without an offset. */

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

/** `2026/03/10 15:08:54`, as jobs and locks print it. */
export function slashedTime(ms: number, timeZone: string): string {
  const part = localParts(ms, timeZone);
  return `${part.year}/${part.monthNumber}/${part.day.padStart(2, '0')} ${part.time}`;
}

/** `15:08:54` */
export function timeOfDay(ms: number, timeZone: string): string {
  return localParts(ms, timeZone).time;
}

/** `21 days, 5:40:08` */
export function uptime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  return `${days} days, ${Math.floor((seconds % 86_400) / 3_600)}:${pad(Math.floor((seconds % 3_600) / 60))}:${pad(seconds % 60)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function localParts(ms: number, timeZone: string) {
  const parts = formatterOf(timeZone).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(candidate => candidate.type === type)?.value ?? '';
  const month = part('month');
  return {
    weekday: part('weekday'),
    month,
    monthNumber: String(MONTHS.indexOf(month) + 1).padStart(2, '0'),
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
