import type { SQLOutputValue } from 'node:sqlite';
import { caseKey, isAtRest, type Case, type CaseEvent } from '../../core/case.ts';
import { canonicalJson } from '../../core/json.ts';
import type { LedgerEntry } from '../contract.ts';

export type Row = Record<string, SQLOutputValue>;

/** The columns that a case's view is found by, beside its document. */
interface CaseColumns {
  readonly id: string;
  readonly version: number;
  readonly key: string;
  readonly state: string;
  readonly open: 0 | 1;
  readonly acted: 0 | 1;
  readonly wake_at: number | null;
  readonly device: string;
  readonly remedy: string;
  readonly opened_at: number;
  readonly updated_at: number;
  readonly document: string;
}

export function caseColumns(subject: Case): CaseColumns {
  return {
    id: subject.id,
    version: subject.version,
    key: caseKey(subject),
    state: subject.state,
    open: isAtRest(subject) ? 0 : 1,
    acted: subject.progress.some(({ state }) => state !== 'waiting') ? 1 : 0,
    wake_at: subject.wakeAt ?? null,
    device: subject.device,
    remedy: subject.remedy,
    opened_at: subject.openedAt,
    updated_at: subject.updatedAt,
    document: canonicalJson(subject),
  };
}

export function caseOf(row: Row): Case {
  return JSON.parse(String(row['document'])) as Case;
}

/** What `entryOf` reads. */
export const ENTRY_COLUMNS = 'seq, case_id, at, event, previous_hash, hash';

export function entryOf(row: Row): LedgerEntry {
  return {
    seq: Number(row['seq']),
    caseId: String(row['case_id']),
    at: Number(row['at']),
    event: JSON.parse(String(row['event'])) as CaseEvent,
    previousHash: String(row['previous_hash']),
    hash: String(row['hash']),
  };
}
