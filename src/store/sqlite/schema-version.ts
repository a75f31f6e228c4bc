import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../core/errors.ts';

/** In the order in which they are applied; a file that was released is never edited again. */
const MIGRATIONS = ['001-ledger.sql'] as const;

/** "UNCL": says in the file's header that it is a ledger of this program. */
const APPLICATION_ID = 0x554e434c;

/** The schema version that this program reads and writes. */
const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings a new or older file to `SCHEMA_VERSION`, all in one transaction. Throws Refusal when the file is of another
 * program or of a newer version of this one; then nothing was changed.
 */
export function migrate(database: DatabaseSync, file: string): void {
  const found = schemaVersion(database, file);
  if (found === SCHEMA_VERSION) return;
  database.exec('BEGIN EXCLUSIVE');
  try {
    for (const name of MIGRATIONS.slice(found)) database.exec(migrationText(name));
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Throws Refusal unless the file has exactly `SCHEMA_VERSION`: what a reader, which may not migrate, needs. */
export function requireCurrentSchema(database: DatabaseSync, file: string): void {
  const found = schemaVersion(database, file);
  if (found === SCHEMA_VERSION) return;
  throw new Refusal(
    'store-older',
    `${file} has schema ${found}, this program reads ${SCHEMA_VERSION}; start "unclog serve" once, which converts it`,
  );
}

/** Every table, index and trigger as SQL, in a stable order: compared with the committed `schema.sql`. */
export function describeSchema(database: DatabaseSync): string {
  const rows = database.prepare(
    `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name`,
  );
  return rows
    .all()
    .map(row => `${String(row['sql'])};\n`)
    .join('\n');
}

function schemaVersion(database: DatabaseSync, file: string): number {
  const applicationId = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  const empty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (empty && applicationId === 0 && version === 0) return 0;
  if (applicationId !== APPLICATION_ID) {
    throw new Refusal('store-foreign', `${file} is a database of another program; name another file under "store"`);
  }
  if (version > SCHEMA_VERSION) {
    throw new Refusal(
      'store-newer',
      `${file} has schema ${version}, this program knows ${SCHEMA_VERSION}; run the newer unclog that wrote it, ` +
        'or restore a backup that was made before the upgrade',
    );
  }
  return version;
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function migrationText(name: string): string {
  return readFileSync(new URL(`migrations/${name}`, import.meta.url), 'utf8');
}
