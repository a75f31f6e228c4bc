import { z } from 'zod';
import { parseNetwork } from '../core/address.ts';
import { duration } from '../core/config-values.ts';
import { type FreezeWindow, NeverList, WEEKDAYS } from '../core/policy.ts';
import { parseTarget } from '../core/target.ts';
import { nearest } from './nearest.ts';
import { showValue } from './words.ts';

const DAY_MS = 86_400_000;
const A_TIME = "a time of day is expected, in quotes, as '22:00'";
const TIME = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;
/**
 * Digits with dots, and what stands in ranges and networks; or the hex digits and colons of IPv6. Digits alone are a name:
 * some companies name their people so.
 */
const LIKE_ADDRESS = /^(?!\d+$)(?:[\d.]+(?:[-/:*\s][\d.*/:\s-]*)?|\[?[0-9a-f:.]*:[0-9a-f:.]*\]?(?:%\w+)?(?:[-/].*)?)$/i;
const LONGEST_ENTRY = 256;

/** `guards:`, with what holds for every remedy unless it says otherwise. */
export const guardKeys = z.strictObject({
  never: z
    .array(neverEntry())
    .default([])
    .transform(entries => new NeverList(entries))
    .describe('Addresses, networks, users, groups and peers that are never a target'),
  max_alert_age: duration({ min: 1_000, max: 7 * DAY_MS })
    .prefault('10m')
    .describe('An alert that began longer ago is refused'),
  max_actions_per_hour: maxActionsPerHour().default(20).describe('The most calls per device and remedy in an hour'),
  cooldown: cooldown().prefault('5m').describe('Pause per device, remedy and target after something was done'),
  freeze: z.array(freezeWindow()).prefault([]).describe('Weekly windows in which nothing is changed'),
});

/** The most calls that a remedy may begin on a device in an hour. */
export function maxActionsPerHour() {
  return z.int().min(1).max(10_000);
}

/** How long a remedy leaves a target alone after it has acted. */
export function cooldown() {
  return duration({ max: 7 * DAY_MS });
}

function neverEntry() {
  return z.string().superRefine((text, context) => {
    if (parseNetwork(text) !== undefined) return;
    const fail = (message: string) =>
      context.addIssue({ code: 'custom', message: `found ${showValue(text)}; ${message}` });
    if (text.length <= LONGEST_ENTRY && LIKE_ADDRESS.test(text)) {
      fail('it looks like an address and is none: 192.0.2.1, 10.0.0.0/24 or 2001:db8::/32 is expected');
    } else if (parseTarget('user', text) === undefined) {
      fail('an address, a network or a name of 1 to 256 printable characters is expected');
    }
  });
}

function freezeWindow() {
  return z
    .strictObject({
      days: z.array(z.enum(WEEKDAYS)).min(1).describe('The days on which the window begins'),
      from: timeOfDay().describe('When it begins, local time'),
      to: timeOfDay().describe('When it ends; earlier than from: on the next day'),
      timezone: timezone().describe('IANA name of the time zone'),
    })
    .superRefine(({ from, to }, context) => {
      if (from === 1_440) context.addIssue({ code: 'custom', path: ['from'], message: '00:00 to 23:59 is allowed' });
      if (from !== to) return;
      const message = 'from and to are the same; write 00:00 and 24:00 for a whole day';
      context.addIssue({ code: 'custom', path: ['to'], message });
    }) satisfies z.ZodType<FreezeWindow>;
}

function timeOfDay() {
  return z.string(A_TIME).transform((text, context) => {
    const match = TIME.exec(text);
    if (match) return text === '24:00' ? 1_440 : Number(match[1]) * 60 + Number(match[2]);
    context.addIssue({ code: 'custom', message: A_TIME });
    return z.NEVER;
  });
}

function timezone() {
  return z.string().superRefine((text, context) => {
    if (isTimezone(text)) return;
    const near = nearest(text, Intl.supportedValuesOf('timeZone'));
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    context.addIssue({ code: 'custom', message: `an IANA time zone is expected, as Europe/Berlin${hint}` });
  });
}

function isTimezone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
