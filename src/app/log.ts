import { pino } from 'pino';
import type { Log } from '../core/log.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * Structured lines on `stream`. Secrets are `Secret` objects that print `<secret>`; the redacted paths are a second
 * fence for fields that carry foreign headers.
 */
export function serviceLog(level: LogLevel, stream: NodeJS.WritableStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: {
        paths: ['headers.authorization', 'headers.cookie', 'err.config', '*.password', '*.token'],
        censor: '<secret>',
      },
    },
    stream,
  );
}
