const RFC_3339 =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * An instant of RFC 3339 as Go writes it, with up to nanoseconds and any offset, as milliseconds since the epoch; what
 * is finer than a millisecond is cut. Undefined when the text is none, or lies before 1970: Go's zero time is no start.
 */
export function parseInstant(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, seconds, fraction = '', offset] = match;
  // Date.parse takes 31 February for 3 March.
  if (!new Date(`${seconds}Z`).toISOString().startsWith(seconds as string)) return undefined;
  const ms = Date.parse(`${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
  return ms >= 0 ? ms : undefined;
}
