import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../core/errors.ts';
import { explainFileFault } from './faults.ts';

/**
 * Writes a consistent, compact copy of an open database to a new file (0600) and makes it durable. Throws Refusal when
 * the file exists; a copy that fails half-way leaves no file behind.
 */
export function vacuumInto(database: DatabaseSync, target: string): void {
  const file = resolve(target);
  claim(file);
  try {
    database.prepare('VACUUM INTO ?').run(file);
    syncToDisk(file);
    syncToDisk(dirname(file));
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** Makes what was written to a file, or to a folder's list of names, survive a power cut. */
export function syncToDisk(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function claim(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new Refusal('backup-exists', `${file} exists and is left as it is; name a new file`);
    }
    throw explainFileFault(error, file);
  }
}
