import type { Reply } from '../reply.ts';
import { wholeText } from '../xml/element.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LINE = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (?:\S{1,10} )?(\d{4})$/;

/**
 * `show clock`: `Sat Nov 21 03:28:39 CET 2026`, the device's own wall clock, as milliseconds since the epoch as if it
 * stood in UTC. The name of the zone is not used: such names are ambiguous. Throws DeviceSurprise when it is no time.
 */
export function readClock(reply: Reply): number {
  const text = wholeText(reply.result);
  const [, month = '', day, hour, minute, second, year] = LINE.exec(text) ?? [];
  const local = Date.UTC(
    Number(year),
    MONTHS.indexOf(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (Number.isNaN(local) || !MONTHS.includes(month)) throw reply.surprise(`"${text.slice(0, 60)}" is not a time`);
  return local;
}
