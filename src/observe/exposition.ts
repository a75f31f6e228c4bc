import { setImmediate as turn } from 'node:timers/promises';
import type { Family, Point } from './family.ts';

/** Prometheus text format 0.0.4, or OpenMetrics 1.0. */
export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

const CHUNK_CHARACTERS = 64 * 1024;

/**
 * Writes families as exposition text, in chunks of about 64 KiB. The event loop gets a turn after every chunk, so a
 * page of 100,000 series holds nobody up.
 */
export async function* writeExposition(families: Iterable<Family>, format: Format): AsyncGenerator<string> {
  let chunk = '';
  for (const family of families) {
    chunk += header(family, format);
    for (const batch of family.batches) {
      for (const point of batch) {
        chunk += `${family.name}${point.suffix}${point.labels} ${valueText(point.value)}\n`;
        if (chunk.length < CHUNK_CHARACTERS) continue;
        yield chunk;
        chunk = '';
        await turn();
      }
    }
  }
  if (format === 'openmetrics') chunk += '# EOF\n';
  if (chunk !== '') yield chunk;
}

/** The value as both formats write it. A bigint keeps every digit. */
export function valueText(value: Point['value']): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

// OpenMetrics names a counter's family without the suffix that its samples carry.
function header(family: Family, format: Format): string {
  const open = format === 'openmetrics';
  const name = open && family.kind === 'counter' ? family.name.replace(/_total$/, '') : family.name;
  const help = family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${open ? help.replaceAll('"', '\\"') : help}\n# TYPE ${name} ${family.kind}\n`;
}
