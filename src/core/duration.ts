const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const PART = /(\d+)(ms|s|m|h|d|w)/gy;

/** Parses `15m`, `1h30m`, `500ms` to milliseconds. Undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  let end = 0;
  for (const match of text.matchAll(PART)) {
    total += Number(match[1]) * (UNITS_MS[match[2] as string] as number);
    end = match.index + match[0].length;
  }
  return end === text.length && end > 0 && Number.isSafeInteger(total) ? total : undefined;
}

/** Milliseconds as a person would write them: `15m`, `1h30m`, `4.2s`, `180ms`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${Number((ms / 1_000).toFixed(1))}s`;
  const parts: string[] = [];
  let rest = Math.round(ms / 1_000);
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    if (rest >= seconds) parts.push(`${Math.floor(rest / seconds)}${unit}`);
    rest %= seconds;
  }
  return parts.join('');
}
