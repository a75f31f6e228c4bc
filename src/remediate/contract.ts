import type { NotNeeded, Plan } from '../core/action.ts';
import type { Alert } from '../core/alert.ts';
import type { Case } from '../core/case.ts';
import type { Mode } from '../core/policy.ts';
import type { Target } from '../core/target.ts';
import type { CaseQuery, ChainCheck, LedgerEntry } from '../store/contract.ts';

/** What became of a notification: each number counts alerts. */
export interface Intake {
  readonly opened: number;
  readonly repeated: number;
  readonly resolved: number;
  readonly withoutRemedy: number;
  readonly unusable: number;
}

/** What a remedy would do now. Nothing was changed to find out. */
export type Preview =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly planHash: string; readonly mode: Mode }
  | NotNeeded
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string };

/** A case with its history. */
export interface CaseHistory {
  readonly case: Case;
  readonly entries: readonly LedgerEntry[];
}

/** What the HTTP room and the command line ask of remediation. Unknown ids throw Refusal `unknown-case`. */
export interface Remediation {
  /** Resolves when the alerts are durable; acting comes later. Rejects when they could not be stored. */
  receive(alerts: readonly Alert[]): Promise<Intake>;
  /** Goes on with a waiting plan, if the device still gives the plan of this hash. Refusal `plan-changed` if not shown. */
  approve(caseId: string, planHash: string, by: string): Promise<Case>;
  reject(caseId: string, by: string): Promise<Case>;
  /** Takes a block back before its end. Refusal `not-holding` when there is nothing to take back. */
  release(caseId: string, by: string): Promise<Case>;
  preview(remedy: string, device: string, target: Target): Promise<Preview>;
  cases(query: CaseQuery): Promise<readonly Case[]>;
  history(caseId: string): Promise<CaseHistory>;
  /** Cases that hold a block now, soonest end first. */
  blocks(): Promise<readonly Case[]>;
  verifyChain(): Promise<ChainCheck>;
}
