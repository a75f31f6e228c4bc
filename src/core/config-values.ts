import { z } from 'zod';
import { formatDuration, parseDuration } from './duration.ts';
import { parseSize } from './size.ts';
import { SecretSource } from './secret-source.ts';

/** The kinds of value that a configuration file holds. Drivers build their own keys from these. */

/** `15m`, as milliseconds; `min` and `max` too. */
export function duration(limits: { readonly min?: number; readonly max?: number } = {}) {
  return text('a duration such as 30s, 15m or 1h30m is expected').transform((found, context) => {
    const ms = parseDuration(found);
    if (ms === undefined) {
      const message = `found ${JSON.stringify(found)}; a duration such as 30s, 15m or 1h30m is expected`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    if (ms < (limits.min ?? 0) || ms > (limits.max ?? Number.MAX_SAFE_INTEGER)) {
      const message = `found ${JSON.stringify(found)}; ${describeLimits(limits)} is allowed`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    return ms;
  });
}

/** `20MB`, as bytes. */
export function size() {
  return text('a size such as 500KB, 20MB or 1GiB is expected').transform((found, context) => {
    const bytes = parseSize(found);
    if (bytes !== undefined) return bytes;
    const message = `found ${JSON.stringify(found)}; a size such as 500KB, 20MB or 1GiB is expected`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** A number of percent between `min` and `max`. */
export function percent(min: number, max: number) {
  return z.number().min(min).max(max);
}

/** A file that holds a secret; its content, without a final newline, is read when the configuration is loaded. */
export function secretFile() {
  return z
    .string()
    .min(1)
    .transform(path => new SecretSource('file', path));
}

/** A file that is read with the configuration as `secretFile` is, and holds no secret: certificates, known hosts. */
export function companionFile() {
  return z
    .string()
    .min(1)
    .transform(path => new SecretSource('file', path, false));
}

/** A secret from the environment: `${NAME}`, and nothing else, so that no secret stands in the file. */
export function secretFromEnvironment() {
  return z.string().transform((text, context) => {
    const match = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text);
    if (match) return new SecretSource('env', match[1] as string);
    context.addIssue({
      code: 'custom',
      message:
        'found a secret in plain text; name a file with the key ending in _file, or an environment variable as ${NAME}',
    });
    return z.NEVER;
  });
}

/** Text; `expected` tells those who wrote a bare number what to write. */
function text(expected: string) {
  return z.string({
    error: ({ input }) => {
      if (input === undefined) return `is missing; ${expected}`;
      return typeof input === 'number' ? `found ${input}; ${expected}` : expected;
    },
  });
}

function describeLimits({ min, max }: { readonly min?: number; readonly max?: number }): string {
  if (min !== undefined && max !== undefined) return `${formatDuration(min)} to ${formatDuration(max)}`;
  return min !== undefined ? `${formatDuration(min)} or more` : `${formatDuration(max ?? 0)} or less`;
}
