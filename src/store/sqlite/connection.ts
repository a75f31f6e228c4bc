import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../core/errors.ts';
import { explainFileFault, explainOpening } from './faults.ts';
import { migrate, requireCurrentSchema } from './schema-version.ts';

const BUSY_MS = 2_000;

/**
 * Opens a ledger for writing, made or converted where needed: WAL, every commit on disk before it returns. A new folder
 * is for its owner only (0700), and so is a new file (0600). Throws Refusal when the file cannot be used; it speaks of the
 * file as `calledAs`.
 */
export function openForWriting(file: string, calledAs = file): DatabaseSync {
  return opened(file, { readOnly: false, calledAs }, database => {
    // First, because it refuses what is not a ledger, and setting the journal mode writes.
    migrate(database, calledAs);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  });
}

/** Opens a ledger for reading, also while a service writes it. Never converts it. */
export function openForReading(file: string): DatabaseSync {
  if (!existsSync(file)) {
    throw new Refusal(
      'store-missing',
      `${file} does not exist; check "store" in the configuration, or start "unclog serve", which makes it`,
    );
  }
  return opened(file, { readOnly: true, calledAs: file }, database => requireCurrentSchema(database, file));
}

/** A ledger in memory, for tests. */
export function openInMemory(): DatabaseSync {
  return opened(':memory:', { readOnly: false, calledAs: ':memory:' }, database => migrate(database, ':memory:'));
}

/** Makes the folder and the file, owner only, where they are missing. Gives the real path, links resolved. */
export function prepareFile(path: string): string {
  const file = resolve(path);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // An existing file is not opened here: closing it again would drop the locks that SQLite holds on it in this
    // process (POSIX: closing any handle of a file drops all of the process's locks on it).
    if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
    return realpathSync(file);
  } catch (error) {
    throw explainFileFault(error, file);
  }
}

function opened(
  file: string,
  { readOnly, calledAs }: { readonly readOnly: boolean; readonly calledAs: string },
  prepare: (database: DatabaseSync) => void,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly, timeout: BUSY_MS, enableForeignKeyConstraints: true });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw explainOpening(error, calledAs);
  }
}
