const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};
const SIZE = /^(\d+(?:\.\d+)?)\s?([KMGT]i?B|B)$/;

/** Parses `20MB` (decimal) or `16MiB` (binary) to bytes. Undefined when the text is not a size. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) return undefined;
  const bytes = Number(match[1]) * (UNITS[match[2] as string] as number);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
