import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Case } from '../../core/case.ts';
import type { Json } from '../../core/json.ts';
import type { CaseQuery, LedgerEntry } from '../contract.ts';
import { caseOf, ENTRY_COLUMNS, entryOf } from './rows.ts';

const DEFAULT_LIMIT = 100;

/** Reads the current view and the ledger. Each method does what `Store` says of the one with its name. */
export class LedgerReader {
  readonly #database: DatabaseSync;
  readonly #selectCase: StatementSync;
  readonly #selectLatest: StatementSync;
  readonly #selectLastActed: StatementSync;
  readonly #selectDue: StatementSync;
  readonly #countCalls: StatementSync;
  readonly #selectEntries: StatementSync;
  readonly #recall: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#selectCase = database.prepare('SELECT document FROM cases WHERE id = ?');
    this.#selectLatest = database.prepare('SELECT document FROM cases WHERE key = ? ORDER BY opened_seq DESC LIMIT 1');
    this.#selectLastActed = database.prepare(
      'SELECT document FROM cases WHERE key = ? AND acted = 1 ORDER BY opened_seq DESC LIMIT 1',
    );
    this.#selectDue = database.prepare(
      'SELECT document FROM cases WHERE open = 1 AND wake_at <= ? ORDER BY wake_at, opened_seq',
    );
    this.#countCalls = database.prepare(
      'SELECT count(*) AS calls FROM events JOIN cases ON cases.id = events.case_id ' +
        "WHERE events.type = 'calling' AND events.at >= ? AND cases.device = ? AND cases.remedy = ?",
    );
    this.#selectEntries = database.prepare(`SELECT ${ENTRY_COLUMNS} FROM events WHERE case_id = ? ORDER BY seq`);
    this.#recall = database.prepare('SELECT value FROM memory WHERE device = ? AND key = ?');
  }

  case(id: string): Case | undefined {
    const row = this.#selectCase.get(id);
    return row && caseOf(row);
  }

  cases(query: CaseQuery): readonly Case[] {
    const clauses: string[] = [];
    const values: (string | number)[] = [];
    const restrict = (clause: string, value: string | number) => {
      clauses.push(clause);
      values.push(value);
    };
    if (query.device !== undefined) restrict('device = ?', query.device);
    if (query.remedy !== undefined) restrict('remedy = ?', query.remedy);
    if (query.key !== undefined) restrict('key = ?', query.key);
    if (query.states !== undefined) restrict('state IN (SELECT value FROM json_each(?))', JSON.stringify(query.states));
    if (query.open !== undefined) restrict('open = ?', query.open ? 1 : 0);
    const where = clauses.length > 0 ? `WHERE ${clauses.join(' AND ')}` : '';
    const statement = this.#database.prepare(`SELECT document FROM cases ${where} ORDER BY opened_seq DESC LIMIT ?`);
    return statement.all(...values, query.limit ?? DEFAULT_LIMIT).map(caseOf);
  }

  latest(key: string): Case | undefined {
    const row = this.#selectLatest.get(key);
    return row && caseOf(row);
  }

  lastActed(key: string): Case | undefined {
    const row = this.#selectLastActed.get(key);
    return row && caseOf(row);
  }

  due(at: number): readonly Case[] {
    return this.#selectDue.all(at).map(caseOf);
  }

  countCalls(device: string, remedy: string, since: number): number {
    return Number(this.#countCalls.get(since, device, remedy)?.['calls']);
  }

  entries(caseId: string): readonly LedgerEntry[] {
    return this.#selectEntries.all(caseId).map(entryOf);
  }

  recall(device: string, key: string): Json | undefined {
    const row = this.#recall.get(device, key);
    return row && (JSON.parse(String(row['value'])) as Json);
  }
}
