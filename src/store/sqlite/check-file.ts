import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../core/errors.ts';
import { checkChainAtOnce } from './chain.ts';
import { openForReading, openInMemory } from './connection.ts';
import { explainOpening } from './faults.ts';
import { describeSchema } from './schema-version.ts';

/** What a check of a whole ledger file found. */
export type FileCheck =
  | { readonly sound: true; readonly entries: number; readonly head: string }
  | { readonly sound: false; readonly detail: string };

/**
 * Checks a ledger file in all that it holds: pages and indexes, references, tables and triggers, the chain of entries
 * and the view of every case. Reads only. Throws Refusal when it cannot be opened at all.
 */
export function checkFile(file: string): FileCheck {
  const database = openForReading(file);
  try {
    const detail = pageFault(database) ?? referenceFault(database) ?? schemaFault(database);
    if (detail !== undefined) return { sound: false, detail };
    const chain = checkChainAtOnce(database);
    if (!chain.intact) return { sound: false, detail: chain.detail };
    return { sound: true, entries: chain.entries, head: chain.head };
  } catch (error) {
    const explained = explainOpening(error, file);
    if (explained instanceof Refusal) return { sound: false, detail: explained.message };
    throw error;
  } finally {
    database.close();
  }
}

function pageFault(database: DatabaseSync): string | undefined {
  const found = String(database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']);
  return found === 'ok' ? undefined : `the file is damaged: ${found}`;
}

function referenceFault(database: DatabaseSync): string | undefined {
  const row = database.prepare('PRAGMA foreign_key_check').get();
  return row && `entry ${String(row['rowid'])} belongs to a case that does not exist`;
}

function schemaFault(database: DatabaseSync): string | undefined {
  const fresh = openInMemory();
  try {
    if (describeSchema(database) === describeSchema(fresh)) return undefined;
    return 'its tables, indexes or triggers are not those that unclog makes';
  } finally {
    fresh.close();
  }
}
