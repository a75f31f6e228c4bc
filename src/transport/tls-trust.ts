import { z } from 'zod';
import { companionFile } from '../core/config-values.ts';
import type { SecretSource } from '../core/secret-source.ts';

/** How the other side's certificate is judged. */
export type TlsTrust =
  /** By the certificate authorities that Node.js brings along. */
  | { readonly kind: 'public' }
  /** By the authorities in this PEM file, and no others. */
  | { readonly kind: 'ca'; readonly file: SecretSource }
  /** By the SHA-256 fingerprint of the certificate itself: 64 lower-case hex digits. Names and dates do not count. */
  | { readonly kind: 'pin'; readonly sha256: string }
  /** Not at all. */
  | { readonly kind: 'none' };

/** The key `tls:` of a device entry. Without it the certificate must be signed by a public authority. */
export function tlsTrust() {
  return z
    .strictObject({
      // Read with the configuration, so that a missing file is told then and not by the first scrape.
      ca_file: companionFile().optional(),
      fingerprint_sha256: fingerprint().optional(),
      insecure_skip_verify: z.boolean().optional(),
    })
    .transform((keys, context): TlsTrust => {
      const ways: TlsTrust[] = [];
      if (keys.ca_file) ways.push({ kind: 'ca', file: keys.ca_file });
      if (keys.fingerprint_sha256) ways.push({ kind: 'pin', sha256: keys.fingerprint_sha256 });
      if (keys.insecure_skip_verify) ways.push({ kind: 'none' });
      if (ways.length <= 1) return ways[0] ?? { kind: 'public' };
      context.addIssue({
        code: 'custom',
        message: 'one of ca_file, fingerprint_sha256 and insecure_skip_verify is allowed, not several',
      });
      return z.NEVER;
    });
}

/** A fingerprint as browsers and openssl print it: `AB:CD:…`. */
export function showFingerprint(sha256: string): string {
  return (sha256.toUpperCase().match(/../g) ?? []).join(':');
}

function fingerprint() {
  return z
    .string()
    .transform(text => text.replaceAll(':', '').toLowerCase())
    .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 fingerprint of 64 hex digits is expected, as AB:CD:…'));
}
