import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../core/log.ts';

const LINES_MAX = 1_000;
const storage = new AsyncLocalStorage<string[]>();

/** The same log; what is logged inside `withLogLines` is also kept there. */
export function tapped(log: Log): Log {
  const tap = (level: keyof Log) => (fields: object, message: string) => {
    const lines = storage.getStore();
    if (lines && lines.length < LINES_MAX) lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    log[level](fields, message);
  };
  return { debug: tap('debug'), info: tap('info'), warn: tap('warn'), error: tap('error') };
}

/** Runs `work` and keeps the lines that tapped logs got from it, the first thousand. */
export async function withLogLines<T>(work: () => Promise<T>): Promise<{ value: T; lines: readonly string[] }> {
  const lines: string[] = [];
  return { value: await storage.run(lines, work), lines };
}
