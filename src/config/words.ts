import type { z } from 'zod';
import { suggestion } from './nearest.ts';

const SECRET_KEY = /(password|passphrase|token|secret|api_?key|private_?key)$/i;
const LONGEST_SHOWN = 60;

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
};

const FORMATS: Readonly<Record<string, string>> = {
  url: 'a URL is expected, as https://192.0.2.11',
  ipv4: 'an IPv4 address is expected',
  ipv6: 'an IPv6 address is expected',
};

/** Whether what stands under this key may be a secret, and so is never shown. */
export function isSecretKey(key: unknown): boolean {
  return typeof key === 'string' && SECRET_KEY.test(key);
}

/** What a schema found wrong, in our words; messages that the schemas bring along come before this. */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  const key = issue.path?.at(-1);
  const found =
    issue.input === undefined
      ? 'is missing'
      : `found ${isSecretKey(key) ? kindOf(issue.input) : showValue(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `${found}; ${typeHint(issue.input, issue.expected)}`;
    case 'invalid_value':
      return `${found}; ${valuesHint(issue.input, issue.values)}`;
    case 'invalid_format':
      return `${found}; ${FORMATS[issue.format] ?? `the form ${issue.format} is expected`}`;
    case 'too_small':
    case 'too_big':
      return `found ${amount(issue.input)}; ${boundHint(issue)}`;
    case 'not_multiple_of':
      return `${found}; a multiple of ${String(issue.divisor)} is expected`;
    case 'invalid_union':
      return `${found}; this is none of the allowed forms`;
    case 'invalid_key':
      return 'a key of this map is not allowed';
    default:
      return undefined;
  }
}

/** `"auto"`, `7`, `nothing`, `a list`. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value);
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}

function typeHint(input: unknown, expected: string): string {
  const hint = `${EXPECTED[expected] ?? expected} is expected`;
  if (input === null) return `${hint}, or leave the key out`;
  const quotable = expected === 'string' && (typeof input === 'number' || typeof input === 'boolean');
  return quotable ? `${hint}: put it in quotes` : hint;
}

function valuesHint(input: unknown, values: readonly unknown[]): string {
  const allowed = values.map(String);
  const list = allowed.length === 1 ? `${allowed[0] ?? ''} is allowed` : `one of ${allowed.join(', ')} is allowed`;
  const meant = typeof input === 'string' ? suggestion(input, allowed) : '';
  return meant.startsWith('did you mean') ? `${list}; ${meant}` : list;
}

function boundHint(
  issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall> | z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>,
): string {
  const unit = UNITS[String(issue.origin)];
  const bound = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const side = issue.code === 'too_small' ? 'more' : unit === undefined ? 'less' : 'fewer';
  const strictly = issue.inclusive === false ? `, not exactly ${bound},` : '';
  return `${bound} or ${side}${strictly} ${unit === undefined ? 'is' : `${unit} are`} allowed`;
}

const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'entries', object: 'keys' };

function amount(input: unknown): string {
  if (Array.isArray(input)) return input.length === 0 ? 'an empty list' : `${input.length} entries`;
  if (typeof input === 'string') return input === '' ? 'empty text' : `${input.length} characters`;
  return showValue(input);
}
