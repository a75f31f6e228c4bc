import { messageOf, Refusal } from '../../core/errors.ts';

const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** Turns what SQLite says of a file that cannot be opened into a Refusal that says what to do; others pass as they are. */
export function explainOpening(error: unknown, file: string): unknown {
  const said = messageOf(error);
  switch (sqliteCode(error)) {
    case SQLITE_BUSY:
      return new Refusal('store-locked', `${file} is locked by another program (${said}); end it and try again`);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new Refusal(
        'store-corrupt',
        `${file} is damaged or no ledger (${said}); keep it aside for a repair, and bring back the last backup ` +
          'with "unclog store restore FILE"',
      );
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return new Refusal(
        'store-unreadable',
        `${file} cannot be opened (${said}); check that it exists and that this user may read and write it and its folder`,
      );
    default:
      return error;
  }
}

/** The same for what the file system says: `EACCES`, `ENOENT`, `ENOTDIR` and the like. */
export function explainFileFault(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  return new Refusal('store-unreadable', `${file} cannot be used (${messageOf(error)}); check its path and owner`);
}

export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === SQLITE_BUSY;
}

/** The primary result code, or undefined when the error is not from SQLite. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}
