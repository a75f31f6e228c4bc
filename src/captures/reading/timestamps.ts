/** Nanoseconds since the epoch, kept as two numbers because one would lose digits. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

/** What the two 32-bit halves of a record's time stamp mean. */
export interface Timestamps {
  /** `pair`: seconds and a fraction (pcap). `joined`: one 64-bit count of units (pcapng). */
  readonly form: 'pair' | 'joined';
  /** Units in a second: 1e6, 1e9, or a power of two. */
  readonly unitsPerSecond: number;
  /** Seconds to add (pcapng option if_tsoffset). */
  readonly offsetSeconds: number;
}

export const microseconds: Timestamps = { form: 'pair', unitsPerSecond: 1e6, offsetSeconds: 0 };
export const nanoseconds: Timestamps = { form: 'pair', unitsPerSecond: 1e9, offsetSeconds: 0 };

/** The moment that a record's two halves name. */
export function instant(timestamps: Timestamps, high: number, low: number): Instant {
  const units = timestamps.unitsPerSecond;
  if (timestamps.form === 'pair') {
    const carry = Math.floor(low / units);
    return { seconds: high + carry, nanos: Math.round(((low - carry * units) * 1e9) / units) };
  }
  const count = (BigInt(high) << 32n) | BigInt(low);
  const perSecond = BigInt(units);
  const seconds = Number(count / perSecond) + timestamps.offsetSeconds;
  return { seconds, nanos: Number(((count % perSecond) * 1_000_000_000n) / perSecond) };
}

/** ISO 8601 in UTC with microseconds, or nanoseconds where the capture has them. A year beyond 9999 becomes its number. */
export function formatInstant(at: Instant): string {
  const fraction = String(at.nanos).padStart(9, '0');
  if (at.seconds !== lastSecond.seconds) lastSecond = { seconds: at.seconds, text: formatSecond(at.seconds) };
  if (lastSecond.text === undefined) return `${at.seconds}.${fraction}`;
  return `${lastSecond.text}.${fraction.endsWith('000') ? fraction.slice(0, 6) : fraction}Z`;
}

/** Thousands of connections begin in one second: its text is made once. */
let lastSecond: { readonly seconds: number; readonly text: string | undefined } = { seconds: NaN, text: undefined };

function formatSecond(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, -5);
}
