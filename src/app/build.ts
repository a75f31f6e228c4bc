import { readFileSync } from 'node:fs';

/** Version of the program, and the revision that the image was built from (`UNCLOG_REVISION`). */
export function build(env: Readonly<Record<string, string | undefined>>): { version: string; revision: string } {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return { version, revision: env['UNCLOG_REVISION'] ?? 'unknown' };
}
