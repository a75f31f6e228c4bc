import { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../core/errors.ts';
import { prepareFile } from './connection.ts';
import { explainOpening, isBusy } from './faults.ts';

/** Held by the one process that writes a ledger. */
export interface WriterLock {
  release(): void;
}

/**
 * Takes the ledger for this process, or throws Refusal at once when another process has it. The lock is a second, empty
 * SQLite file beside it (`….lock`) with an exclusive lock of the operating system's: it ends with the process, however
 * that dies, and leaves readers of the ledger alone.
 */
export function lockForWriting(file: string): WriterLock {
  const lockFile = prepareFile(`${file}.lock`);
  const database = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw explainOpening(error, lockFile);
    throw new Refusal(
      'store-in-use',
      `${file} is in use by another unclog; one service works with one ledger: stop the other, or name another file ` +
        'under "store"',
    );
  }
  return { release: () => database.close() };
}
