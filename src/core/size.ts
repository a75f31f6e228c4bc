const UNITS: Readonly<Record<string, bigint>> = {
  B: 1n,
  KB: 10n ** 3n,
  MB: 10n ** 6n,
  GB: 10n ** 9n,
  TB: 10n ** 12n,
  KiB: 2n ** 10n,
  MiB: 2n ** 20n,
  GiB: 2n ** 30n,
  TiB: 2n ** 40n,
};
const SIZE = /^(\d{1,20})(?:\.(\d{1,20}))?\s?([KMGT]i?B|B)$/;

/** Parses `20MB` (decimal) or `16MiB` (binary) to bytes. Undefined when the text is not a whole number of bytes. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', unit = ''] = match;
  // In integers, because 32.010558 * 1e6 is not a whole number in floating point.
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * (UNITS[unit] ?? 0n);
  if (scaled % scale !== 0n) return undefined;
  const bytes = Number(scaled / scale);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
