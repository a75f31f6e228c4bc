import { type FreezeWindow, type Weekday, WEEKDAYS } from '../../core/policy.ts';
import type { Guard } from './guard.ts';

/** Nothing is changed inside a freeze window. */
export const freeze: Guard = ({ guards, clock }) => {
  const now = clock.now();
  const window = guards.freeze.find(candidate => isFrozen(candidate, now));
  if (!window) return undefined;
  const span = `${window.days.join(', ')} ${timeOfDay(window.from)}–${timeOfDay(window.to)} ${window.timezone}`;
  return { reason: 'freeze', detail: `freeze window: ${span}` };
};

/** Whether `now` (milliseconds since the epoch) lies in the window. `days` name the day on which it begins. */
export function isFrozen(window: FreezeWindow, now: number): boolean {
  const { weekday, minute } = localTime(now, window.timezone);
  if (window.from < window.to) return window.days.includes(weekday) && minute >= window.from && minute < window.to;
  const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(weekday) + 6) % 7] as Weekday;
  return (
    (window.days.includes(weekday) && minute >= window.from) || (window.days.includes(yesterday) && minute < window.to)
  );
}

function localTime(now: number, timezone: string): { weekday: Weekday; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string) => parts.find(candidate => candidate.type === type)?.value ?? '';
  return {
    weekday: part('weekday').toLowerCase() as Weekday,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

function timeOfDay(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
