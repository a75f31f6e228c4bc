import type { Action, Measurement, Plan, Receipt, Verdict } from './action.ts';
import type { Alert } from './alert.ts';
import type { Mode } from './policy.ts';
import { type Target, targetText } from './target.ts';

/** DESIGN.md section 4. */
export type CaseState =
  | 'received'
  | 'refused'
  | 'not-needed'
  | 'planned'
  | 'awaiting-approval'
  | 'intended'
  | 'applied'
  | 'verified'
  | 'unverified'
  | 'holding'
  | 'releasing'
  | 'released'
  | 'failed';

/** What is known about a call that was about to be made when the process died, or whose answer was lost. */
export type Recollection =
  | { readonly found: 'done'; readonly receipt: Receipt }
  | { readonly found: 'not-done'; readonly detail: string }
  | { readonly found: 'unclear'; readonly detail: string };

/** Why a block is taken back. `never`: its target was put on the never-list. */
export type ReleaseCause = 'due' | 'operator' | 'harmful' | 'never';

/**
 * What can happen to a case. Events are only ever added; the current view is their fold (`case-fold.ts`).
 * Times are milliseconds since the epoch.
 */
export type CaseEvent =
  | {
      readonly type: 'received';
      readonly device: string;
      readonly remedy: string;
      readonly target: Target;
      readonly alert: Alert;
    }
  | { readonly type: 'refused'; readonly reason: string; readonly detail: string }
  | { readonly type: 'not-needed'; readonly detail: string; readonly before: readonly Measurement[] }
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'awaiting-approval'; readonly plan: Plan; readonly planHash: string; readonly expiresAt: number }
  | { readonly type: 'approved'; readonly by: string; readonly planHash: string }
  | { readonly type: 'intended'; readonly plan: Plan; readonly mode: Mode }
  | { readonly type: 'calling'; readonly index: number }
  | { readonly type: 'called'; readonly index: number; readonly receipt: Receipt }
  | { readonly type: 'call-failed'; readonly index: number; readonly reason: string; readonly detail: string }
  | { readonly type: 'recalled'; readonly index: number; readonly recollection: Recollection }
  | { readonly type: 'applied' }
  | { readonly type: 'verified'; readonly verdict: Verdict }
  | { readonly type: 'unverified'; readonly verdict: Verdict }
  | { readonly type: 'holding'; readonly dueAt: number }
  | { readonly type: 'restored'; readonly detail: string; readonly receipts: readonly Receipt[] }
  | { readonly type: 'releasing'; readonly cause: ReleaseCause; readonly by: string }
  | { readonly type: 'released'; readonly verdict: Verdict }
  | { readonly type: 'retry'; readonly detail: string; readonly wakeAt: number }
  | { readonly type: 'failed'; readonly reason: string; readonly detail: string };

/** How far one action of the plan has got. */
export interface ActionProgress {
  readonly action: Action;
  readonly state: 'waiting' | 'calling' | 'called' | 'not-done' | 'unclear';
  readonly receipt?: Receipt;
}

/** The current view of a case. */
export interface Case {
  readonly id: string;
  /** Number of events so far: an append names it, so that two writers cannot both go on from the same point. */
  readonly version: number;
  readonly device: string;
  readonly remedy: string;
  readonly target: Target;
  readonly alert: Alert;
  readonly state: CaseState;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly plan?: Plan;
  readonly planHash?: string;
  readonly approvedBy?: string;
  /** Progress of the plan's actions, and of earlier plans' actions that were carried out. */
  readonly progress: readonly ActionProgress[];
  readonly verdict?: Verdict;
  /** Reason of a refusal or failure: a short closed word. */
  readonly reason?: string;
  readonly detail?: string;
  readonly retries: number;
  /** When the case wants to be looked at again: a retry, the end of an approval, the end of a block. */
  readonly wakeAt?: number;
  readonly heldFrom?: number;
  readonly dueAt?: number;
  readonly releaseCause?: ReleaseCause;
  readonly endedAt?: number;
}

/** States that nothing but a person or a new alert moves on. `verified` rests only where nothing has to end. */
export function isAtRest(subject: Pick<Case, 'state' | 'plan'>): boolean {
  switch (subject.state) {
    case 'refused':
    case 'not-needed':
    case 'planned':
    case 'released':
    case 'failed':
      return true;
    case 'verified':
    case 'unverified':
      return subject.plan?.kind !== 'block';
    default:
      return false;
  }
}

/** One word for how a case ended: the `outcome` label of `unclog_cases_total`. */
export function outcomeOf(subject: Case): string {
  if (subject.state === 'verified' || subject.state === 'released') return subject.verdict?.effect ?? subject.state;
  return subject.state;
}

/** Cases with equal keys are about the same thing; at most one of them is open. */
export function caseKey(subject: Pick<Case, 'device' | 'remedy' | 'target'>): string {
  return JSON.stringify([subject.device, subject.remedy, targetText(subject.target)]);
}
