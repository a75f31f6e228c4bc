import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { foldEvent } from '../../core/case-fold.ts';
import { caseKey, type Case, type CaseEvent } from '../../core/case.ts';
import { Bug } from '../../core/errors.ts';
import { entryHash, eventText, GENESIS } from '../../core/ledger-hash.ts';
import type { Opening } from '../contract.ts';
import { caseColumns, caseOf } from './rows.ts';

interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Adds to the ledger: each call is one transaction, whole or not at all, and on disk when it returns. */
export class LedgerWriter {
  readonly #database: DatabaseSync;
  readonly #selectHead: StatementSync;
  readonly #selectCase: StatementSync;
  readonly #selectOpen: StatementSync;
  readonly #insertEvent: StatementSync;
  readonly #insertCase: StatementSync;
  readonly #updateCase: StatementSync;
  readonly #remember: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#selectHead = database.prepare('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1');
    this.#selectCase = database.prepare('SELECT document FROM cases WHERE id = ?');
    this.#selectOpen = database.prepare('SELECT 1 FROM cases WHERE key = ? AND open = 1');
    this.#insertEvent = database.prepare(
      'INSERT INTO events (seq, case_id, at, event, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#insertCase = database.prepare(
      'INSERT INTO cases (opened_seq, id, version, key, state, open, acted, wake_at, device, remedy, opened_at, updated_at, ' +
        'document) VALUES (:opened_seq, :id, :version, :key, :state, :open, :acted, :wake_at, :device, :remedy, :opened_at, :updated_at, :document)',
    );
    this.#updateCase = database.prepare(
      'UPDATE cases SET version = :version, key = :key, state = :state, open = :open, acted = :acted, wake_at = :wake_at, device = :device, ' +
        'remedy = :remedy, opened_at = :opened_at, updated_at = :updated_at, document = :document WHERE id = :id',
    );
    this.#remember = database.prepare(
      'INSERT INTO memory (device, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
  }

  /** See `Store.open`. */
  open(openings: readonly Opening[], at: number): readonly Case[] {
    return this.#inTransaction(() => {
      let head = this.#head();
      const opened: Case[] = [];
      for (const { id, event } of openings) {
        if (this.#selectOpen.get(caseKey(event)) !== undefined) continue;
        if (this.#selectCase.get(id) !== undefined) throw new Bug(`case ${id} was opened twice`);
        const subject = foldEvent(undefined, id, event, at);
        const columns = caseColumns(subject);
        this.#insertCase.run({ opened_seq: head.seq + 1, ...columns });
        head = this.#add(head, id, event, at);
        opened.push(caseOf({ document: columns.document }));
      }
      return opened;
    });
  }

  /** See `Store.append`. */
  append(caseId: string, version: number, events: readonly CaseEvent[], at: number): Case {
    return this.#inTransaction(() => {
      const row = this.#selectCase.get(caseId);
      if (row === undefined) throw new Bug(`case ${caseId} does not exist`);
      let subject = caseOf(row);
      if (subject.version !== version) {
        throw new Bug(`case ${caseId} is at version ${subject.version}, not ${version}: someone else went on with it`);
      }
      let head = this.#head();
      for (const event of events) {
        subject = foldEvent(subject, caseId, event, at);
        head = this.#add(head, caseId, event, at);
      }
      const columns = caseColumns(subject);
      this.#updateCase.run({ ...columns });
      return caseOf({ document: columns.document });
    });
  }

  /** See `Store.remember`. */
  remember(device: string, key: string, text: string): void {
    this.#remember.run(device, key, text);
  }

  #add(head: Head, caseId: string, event: CaseEvent, at: number): Head {
    const seq = head.seq + 1;
    const text = eventText(event);
    const hash = entryHash(head.hash, seq, caseId, at, text);
    this.#insertEvent.run(seq, caseId, at, text, head.hash, hash);
    return { seq, hash };
  }

  #head(): Head {
    const row = this.#selectHead.get();
    return row === undefined ? { seq: 0, hash: GENESIS } : { seq: Number(row['seq']), hash: String(row['hash']) };
  }

  #inTransaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself (disk full); a second rollback would hide the first error.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
