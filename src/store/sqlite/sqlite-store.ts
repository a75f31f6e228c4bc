import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Case, CaseEvent } from '../../core/case.ts';
import { Bug } from '../../core/errors.ts';
import { canonicalJson, type Json } from '../../core/json.ts';
import type { CaseQuery, ChainCheck, LedgerEntry, Opening, Store } from '../contract.ts';
import { checkChain, checkChainAtOnce } from './chain.ts';
import { openForReading, openForWriting, openInMemory, prepareFile } from './connection.ts';
import { lockForWriting, type WriterLock } from './lock.ts';
import { LedgerReader } from './reader.ts';
import { vacuumInto } from './vacuum-into.ts';
import { LedgerWriter } from './writer.ts';

interface Parts {
  readonly database: DatabaseSync;
  /** The file, where the ledger is in one. */
  readonly file?: string;
  /** Present when this process may write. */
  readonly writer?: LedgerWriter;
  readonly lock?: WriterLock;
}

/** Opens a ledger in a file for this process alone to write. Throws Refusal when the file cannot be used. */
export function openSqliteStore(path: string): Store {
  const file = prepareFile(path);
  const lock = lockForWriting(file);
  try {
    const database = openForWriting(file);
    return new SqliteStore({ database, file, writer: new LedgerWriter(database), lock });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens a ledger in a file for reading, also beside a service that writes it. */
export function openSqliteStoreForReading(path: string): Store {
  return new SqliteStore({ database: openForReading(path), file: path });
}

/** A ledger in memory, for tests. */
export function openMemoryStore(): Store {
  const database = openInMemory();
  return new SqliteStore({ database, writer: new LedgerWriter(database) });
}

/** The ledger over `node:sqlite`, whose calls block: each is one short transaction. */
class SqliteStore implements Store {
  readonly #parts: Parts;
  readonly #reader: LedgerReader;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#reader = new LedgerReader(parts.database);
  }

  async open(openings: readonly Opening[], at: number): Promise<readonly Case[]> {
    return this.#writer().open(openings, at);
  }

  async append(caseId: string, version: number, events: readonly CaseEvent[], at: number): Promise<Case> {
    return this.#writer().append(caseId, version, events, at);
  }

  async case(id: string): Promise<Case | undefined> {
    return this.#reader.case(id);
  }

  async cases(query: CaseQuery): Promise<readonly Case[]> {
    return this.#reader.cases(query);
  }

  async latest(key: string): Promise<Case | undefined> {
    return this.#reader.latest(key);
  }

  async lastActed(key: string): Promise<Case | undefined> {
    return this.#reader.lastActed(key);
  }

  async due(at: number): Promise<readonly Case[]> {
    return this.#reader.due(at);
  }

  async countCalls(device: string, remedy: string, since: number): Promise<number> {
    return this.#reader.countCalls(device, remedy, since);
  }

  async entries(caseId: string): Promise<readonly LedgerEntry[]> {
    return this.#reader.entries(caseId);
  }

  /** On a connection of its own and with pauses, so that the service goes on meanwhile. */
  async verifyChain(): Promise<ChainCheck> {
    const { file, database } = this.#parts;
    if (file === undefined) return checkChainAtOnce(database);
    const own = openForReading(file);
    try {
      return await withPauses(checkChain(own));
    } finally {
      own.close();
    }
  }

  async recall(device: string, key: string): Promise<Json | undefined> {
    return this.#reader.recall(device, key);
  }

  async remember(device: string, key: string, value: Json): Promise<void> {
    this.#writer().remember(device, key, canonicalJson(value));
  }

  async backup(file: string): Promise<void> {
    vacuumInto(this.#parts.database, file);
  }

  async close(): Promise<void> {
    if (!this.#parts.database.isOpen) return;
    this.#parts.database.close();
    this.#parts.lock?.release();
  }

  #writer(): LedgerWriter {
    if (!this.#parts.writer) throw new Bug('a ledger that was opened for reading was asked to write');
    return this.#parts.writer;
  }
}

async function withPauses(steps: Generator<void, ChainCheck>): Promise<ChainCheck> {
  let step = steps.next();
  while (!step.done) {
    await nextTurn();
    step = steps.next();
  }
  return step.value;
}
