import { copyFileSync, chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Refusal } from '../core/errors.ts';
import { parseStoreUrl } from '../core/store-url.ts';
import { checkFile, type FileCheck } from './sqlite/check-file.ts';
import { openForReading, openForWriting } from './sqlite/connection.ts';
import { explainFileFault } from './sqlite/faults.ts';
import { lockForWriting } from './sqlite/lock.ts';
import { syncToDisk, vacuumInto } from './sqlite/vacuum-into.ts';

interface Restored {
  /** The ledger in place now. */
  readonly file: string;
  /** Where the ledger that stood there before is kept; absent when there was none. */
  readonly aside?: string;
  readonly entries: number;
  readonly head: string;
}

/** Copies the ledger of `url` to a new file, also beside a running service, and checks the copy. */
export async function backupStore(url: string, to: string): Promise<FileCheck> {
  const database = openForReading(fileOf(url));
  try {
    vacuumInto(database, to);
  } finally {
    database.close();
  }
  return checkFile(to);
}

/** Checks the ledger of `url` in all that it holds. Reads only. */
export async function checkStore(url: string): Promise<FileCheck> {
  return checkFile(fileOf(url));
}

/**
 * Puts a backup in the place of the ledger of `url`, whose service must be stopped. The backup is copied and checked
 * first, and the old ledger is kept beside it as `….before-restore-TIME`. `now` is in milliseconds since the epoch.
 * Throws Refusal, with nothing replaced, when the backup is unsound or the ledger is in use.
 */
export async function restoreStore(url: string, from: string, now: number): Promise<Restored> {
  const path = fileOf(url);
  const file = existsSync(path) ? realpathSync(path) : resolve(path);
  refuseUnfit(from, file);
  const lock = lockForWriting(file);
  const fresh = `${file}.restoring`;
  try {
    const { entries, head } = prepareCopy(from, fresh);
    const aside = keepAside(file, now);
    // Frames of the old ledger's log must not meet the new file: SQLite would apply them.
    removeCompanions(file);
    renameSync(fresh, file);
    syncToDisk(dirname(file));
    return { file, entries, head, ...(aside === undefined ? {} : { aside }) };
  } catch (error) {
    throw explainFileFault(error, file);
  } finally {
    rmSync(fresh, { force: true });
    removeCompanions(fresh);
    lock.release();
  }
}

function fileOf(url: string): string {
  const place = parseStoreUrl(url);
  if (place.kind === 'invalid') throw new Refusal('store-unsupported', place.detail);
  if (place.kind === 'memory') throw new Refusal('store-unsupported', 'a ledger in memory has no file');
  return place.path;
}

function refuseUnfit(from: string, file: string): void {
  if (!existsSync(from)) throw new Refusal('backup-missing', `${from} does not exist; nothing was replaced`);
  if (realpathSync(from) === file) {
    throw new Refusal('backup-is-store', `${from} is the ledger itself; name a backup of it`);
  }
  if (statSync(from).size === 0) throw new Refusal('store-corrupt', `${from} is empty; nothing was replaced`);
  if (existsSync(`${from}-wal`) && statSync(`${from}-wal`).size > 0) {
    throw new Refusal(
      'backup-in-use',
      `${from} has a log beside it (${from}-wal): it is a live ledger and no backup; make one with "unclog store backup FILE"`,
    );
  }
}

/** Copies, converts to this program's schema, and checks: what is put in place is what was checked. */
function prepareCopy(from: string, fresh: string): { readonly entries: number; readonly head: string } {
  rmSync(fresh, { force: true });
  removeCompanions(fresh);
  copyFileSync(from, fresh);
  chmodSync(fresh, 0o600);
  openForWriting(fresh, from).close();
  const check = checkFile(fresh);
  if (!check.sound) throw new Refusal('store-corrupt', `${from}: ${check.detail}; nothing was replaced`);
  syncToDisk(fresh);
  return check;
}

function keepAside(file: string, now: number): string | undefined {
  if (!existsSync(file)) return undefined;
  const aside = `${file}.before-restore-${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}`;
  for (const suffix of ['', '-wal']) {
    if (!existsSync(`${file}${suffix}`)) continue;
    copyFileSync(`${file}${suffix}`, `${aside}${suffix}`);
    syncToDisk(`${aside}${suffix}`);
  }
  return aside;
}

function removeCompanions(file: string): void {
  rmSync(`${file}-wal`, { force: true });
  rmSync(`${file}-shm`, { force: true });
}
