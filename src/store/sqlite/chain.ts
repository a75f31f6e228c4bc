import type { DatabaseSync } from 'node:sqlite';
import { foldEvent } from '../../core/case-fold.ts';
import type { Case } from '../../core/case.ts';
import { messageOf } from '../../core/errors.ts';
import { entryHash, eventText, GENESIS } from '../../core/ledger-hash.ts';
import type { ChainCheck } from '../contract.ts';
import { caseColumns, ENTRY_COLUMNS, entryOf, type Row } from './rows.ts';

/** Rows between two pauses: a few milliseconds of work. */
const ROWS_PER_STEP = 200;

interface Break {
  readonly brokenAt: number;
  readonly detail: string;
}

/**
 * Checks the whole ledger in two passes over one unchanging view of it: first that every entry follows from the one
 * before, then that every case's view is the fold of its entries. Holds one case at a time. Yields now and then, so
 * that the caller can let others run.
 */
export function* checkChain(database: DatabaseSync): Generator<void, ChainCheck> {
  database.exec('BEGIN');
  try {
    const total = database.prepare('SELECT count(*) AS entries FROM events').get();
    const entries = Number(total?.['entries']);
    const head = yield* checkLinks(database);
    if (typeof head !== 'string') return { intact: false, entries, ...head };
    const broken = yield* checkViews(database);
    return broken ? { intact: false, entries, ...broken } : { intact: true, entries, head };
  } finally {
    database.exec('ROLLBACK');
  }
}

/** The same, without pauses. */
export function checkChainAtOnce(database: DatabaseSync): ChainCheck {
  const steps = checkChain(database);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The last hash, or the first entry that does not follow from the one before. */
function* checkLinks(database: DatabaseSync): Generator<void, string | Break> {
  let previous = GENESIS;
  let seq = 0;
  for (const row of database.prepare(`SELECT ${ENTRY_COLUMNS} FROM events ORDER BY seq`).iterate()) {
    seq += 1;
    const detail = linkFault(row, seq, previous);
    if (detail !== undefined) return { brokenAt: seq, detail };
    previous = String(row['hash']);
    if (seq % ROWS_PER_STEP === 0) yield;
  }
  return previous;
}

function linkFault(row: Row, seq: number, previous: string): string | undefined {
  if (Number(row['seq']) !== seq) return `entry ${seq} is missing; the next one is ${String(row['seq'])}`;
  const text = String(row['event']);
  try {
    const entry = entryOf(row);
    if (entry.previousHash !== previous) return `entry ${seq} does not name the hash of the entry before it`;
    if (eventText(entry.event) !== text) return `entry ${seq} holds an event that was not written by unclog`;
    const hash = entryHash(previous, seq, entry.caseId, entry.at, text);
    return hash === entry.hash ? undefined : `entry ${seq} of case ${entry.caseId} was changed: its hash does not fit`;
  } catch (error) {
    return `entry ${seq} cannot be read: ${messageOf(error)}`;
  }
}

/** The first case, in order of ids, whose view differs from what its entries say. */
function* checkViews(database: DatabaseSync): Generator<void, Break | undefined> {
  const selectView = database.prepare('SELECT * FROM cases WHERE id = ?');
  let subject: Case | undefined;
  let first = 0;
  let last = 0;
  let rows = 0;
  for (const row of database.prepare(`SELECT ${ENTRY_COLUMNS} FROM events ORDER BY case_id, seq`).iterate()) {
    const entry = entryOf(row);
    if (subject !== undefined && subject.id !== entry.caseId) {
      const detail = viewFault(subject, first, selectView.get(subject.id));
      if (detail !== undefined) return { brokenAt: last, detail };
      subject = undefined;
    }
    try {
      subject = foldEvent(subject, entry.caseId, entry.event, entry.at);
    } catch (error) {
      return { brokenAt: entry.seq, detail: messageOf(error) };
    }
    if (subject.version === 1) first = entry.seq;
    last = entry.seq;
    rows += 1;
    if (rows % ROWS_PER_STEP === 0) yield;
  }
  const detail = subject && viewFault(subject, first, selectView.get(subject.id));
  if (detail !== undefined) return { brokenAt: last, detail };
  return strayView(database);
}

function viewFault(subject: Case, openedSeq: number, row: Row | undefined): string | undefined {
  if (row === undefined) return `case ${subject.id} has entries and no view`;
  for (const [column, expected] of Object.entries({ opened_seq: openedSeq, ...caseColumns(subject) })) {
    if (row[column] !== expected) return `the view of case ${subject.id} is not what its entries say (${column})`;
  }
  return undefined;
}

function strayView(database: DatabaseSync): Break | undefined {
  const row = database.prepare('SELECT id FROM cases WHERE id NOT IN (SELECT case_id FROM events) LIMIT 1').get();
  return row && { brokenAt: 0, detail: `case ${String(row['id'])} has a view and no entries` };
}
