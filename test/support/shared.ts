import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The folder of recorded device outputs and captures that stands beside a checkout, or undefined where it is missing.
 * `UNCLOG_SHARED` points elsewhere. Tests that need it skip with `sharedMissing` as the reason.
 */
export function sharedDir(): string | undefined {
  const folder = process.env['UNCLOG_SHARED'] ?? resolve(import.meta.dirname, '../../../shared');
  return existsSync(join(folder, 'device-outputs')) ? folder : undefined;
}

export const sharedMissing =
  'recorded device outputs are not here: put the folder "shared" beside the checkout, or name it in UNCLOG_SHARED';
