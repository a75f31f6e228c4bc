import type { Case, CaseEvent, CaseState } from '../core/case.ts';
import type { Json } from '../core/json.ts';

/** An event as the ledger holds it. */
export interface LedgerEntry {
  /** 1, 2, 3 … over the whole ledger, without gaps. */
  readonly seq: number;
  readonly caseId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: CaseEvent;
  readonly previousHash: string;
  /** SHA-256 over seq, case, time, event and the hash before (`core/ledger-hash.ts`). */
  readonly hash: string;
}

/** A case to be opened, unless one with the same key is open. */
export interface Opening {
  readonly id: string;
  readonly event: Extract<CaseEvent, { type: 'received' }>;
}

export interface CaseQuery {
  readonly device?: string;
  readonly remedy?: string;
  /** As `caseKey` gives it. */
  readonly key?: string;
  readonly states?: readonly CaseState[];
  /** True: only cases that are not at rest. False: only those that are. */
  readonly open?: boolean;
  /** Newest first; 100 when absent. */
  readonly limit?: number;
}

/**
 * What a walk over the whole ledger found. `entries` counts all that it holds. `brokenAt` is the first entry that does not
 * follow from the one before; or the last entry of a case whose view is not the fold of its entries (0: it has none).
 */
export type ChainCheck =
  | { readonly intact: true; readonly entries: number; readonly head: string }
  | { readonly intact: false; readonly entries: number; readonly brokenAt: number; readonly detail: string };

/** Remembers intent and outcome. Every method is durable when it resolves. */
export interface Store {
  /** Opens what is not open yet, all in one transaction. Gives the cases that are new. */
  open(openings: readonly Opening[], at: number): Promise<readonly Case[]>;
  /**
   * Adds events to a case in one transaction. Throws Bug when the case is not at `version` any more or when the rules
   * of `case-fold.ts` do not allow the event.
   */
  append(caseId: string, version: number, events: readonly CaseEvent[], at: number): Promise<Case>;
  case(id: string): Promise<Case | undefined>;
  cases(query: CaseQuery): Promise<readonly Case[]>;
  /** The newest case of a key (`caseKey`), open or ended. */
  latest(key: string): Promise<Case | undefined>;
  /** The newest case of a key in which a call was begun (`calling`): what cooldowns count from. */
  lastActed(key: string): Promise<Case | undefined>;
  /** Open cases whose `wakeAt` is at or before `at`, most overdue first. */
  due(at: number): Promise<readonly Case[]>;
  /** How many calls (`calling` events) a remedy began on a device at or after `since`. */
  countCalls(device: string, remedy: string, since: number): Promise<number>;
  entries(caseId: string): Promise<readonly LedgerEntry[]>;
  /** Checks the chain of hashes and the view of every case, in bounded memory and without holding up other calls. */
  verifyChain(): Promise<ChainCheck>;
  /** A collector's small fact, as `remember` left it. */
  recall(device: string, key: string): Promise<Json | undefined>;
  remember(device: string, key: string, value: Json): Promise<void>;
  /** Writes a consistent copy to a file that must not exist. */
  backup(file: string): Promise<void>;
  /** Closing twice is harmless. */
  close(): Promise<void>;
}
