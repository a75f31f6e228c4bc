import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { parseSize } from './size.ts';
import { SecretSource } from './secret-source.ts';

/** The kinds of value that a configuration file holds. Drivers build their own keys from these. */

/** `15m`, as milliseconds. */
export function duration(limits: { readonly min?: number; readonly max?: number } = {}) {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms === undefined) {
      context.addIssue({
        code: 'custom',
        message: `found "${text}"; a duration such as 30s, 15m or 1h30m is expected`,
      });
      return z.NEVER;
    }
    if (ms < (limits.min ?? 0) || ms > (limits.max ?? Number.MAX_SAFE_INTEGER)) {
      context.addIssue({ code: 'custom', message: `found "${text}"; ${describeLimits(limits)} is allowed` });
      return z.NEVER;
    }
    return ms;
  });
}

/** `20MB`, as bytes. */
export function size() {
  return z.string().transform((text, context) => {
    const bytes = parseSize(text);
    if (bytes !== undefined) return bytes;
    context.addIssue({ code: 'custom', message: `found "${text}"; a size such as 500KB, 20MB or 1GiB is expected` });
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

function describeLimits(limits: { readonly min?: number; readonly max?: number }): string {
  const seconds = (ms: number) => `${ms / 1_000} s`;
  if (limits.min !== undefined && limits.max !== undefined) return `${seconds(limits.min)} to ${seconds(limits.max)}`;
  return limits.min !== undefined ? `${seconds(limits.min)} or more` : `${seconds(limits.max ?? 0)} or less`;
}
