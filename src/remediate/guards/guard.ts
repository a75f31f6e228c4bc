import type { Plan } from '../../core/action.ts';
import type { Case } from '../../core/case.ts';
import type { Clock } from '../../core/clock.ts';
import type { Guards, RemedyPolicy } from '../../core/policy.ts';
import type { Store } from '../../store/contract.ts';

/** A guard's no. `reason` is a short closed word: it is a metric label. */
export interface Objection {
  readonly reason: string;
  readonly detail: string;
}

/** What a guard may look at. */
export interface Inquiry {
  readonly case: Case;
  readonly policy: RemedyPolicy;
  readonly guards: Guards;
  readonly clock: Clock;
  readonly store: Store;
}

/** Asked before the device is read: may this remedy act on this target now? */
export type Guard = (inquiry: Inquiry) => Promise<Objection | undefined> | Objection | undefined;

/** Asked when the plan is known: gives the plan as far as it may be carried out, or an objection to all of it. */
export type PlanGuard = (inquiry: Inquiry, plan: Plan) => Promise<Plan | Objection> | Plan | Objection;
