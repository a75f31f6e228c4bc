import type { Plan } from '../../core/action.ts';
import { messageOf } from '../../core/errors.ts';
import { alertAge } from './alert-age.ts';
import { budget, budgetOfPlan } from './budget.ts';
import { cooldown } from './cooldown.ts';
import { freeze } from './freeze.ts';
import type { Guard, Inquiry, Objection, PlanGuard } from './guard.ts';
import { modeOff } from './mode-off.ts';
import { neverTarget, neverTouched } from './never.ts';

export type { Inquiry, Objection } from './guard.ts';

/** Asked in this order before the device is read; the first objection ends the case. */
const beforeReading: readonly Guard[] = [modeOff, alertAge, neverTarget, freeze, cooldown, budget];

/** Asked in this order when the plan is known. */
const ofThePlan: readonly PlanGuard[] = [neverTouched, budgetOfPlan];

/** The first objection, or undefined. A guard that cannot decide objects. */
export async function objection(inquiry: Inquiry): Promise<Objection | undefined> {
  for (const guard of beforeReading) {
    const found = await decided(() => guard(inquiry));
    if (found) return found;
  }
  return undefined;
}

/** The plan as far as every guard lets it be carried out, or the first objection to all of it. */
export async function permitted(inquiry: Inquiry, plan: Plan): Promise<Plan | Objection> {
  let allowed = plan;
  for (const guard of ofThePlan) {
    const found = await decided(() => guard(inquiry, allowed));
    if ('reason' in found) return found;
    allowed = found;
  }
  return allowed;
}

async function decided<T>(ask: () => Promise<T> | T): Promise<T | Objection> {
  try {
    return await ask();
  } catch (error) {
    return { reason: 'guard-undecided', detail: `a guard could not decide: ${messageOf(error)}` };
  }
}
