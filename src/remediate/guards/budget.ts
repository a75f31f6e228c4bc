import type { Inquiry, Objection, Guard, PlanGuard } from './guard.ts';

const HOUR_MS = 3_600_000;

/** At most so many actions an hour, per device and remedy. Asked before the device is read … */
export const budget: Guard = async inquiry => {
  const left = await actionsLeft(inquiry);
  return left > 0 ? undefined : exhausted(inquiry);
};

/** … and again when the plan is known: what goes beyond the budget is left out, and said. */
export const budgetOfPlan: PlanGuard = async (inquiry, plan) => {
  const left = await actionsLeft(inquiry);
  if (left <= 0) return exhausted(inquiry);
  if (plan.actions.length <= left) return plan;
  const reason = `budget: ${left} of ${inquiry.policy.maxActionsPerHour} actions an hour are left`;
  const beyond = plan.actions.slice(left).map(action => ({ subject: action.subject, reason }));
  return { ...plan, actions: plan.actions.slice(0, left), passedOver: [...plan.passedOver, ...beyond] };
};

async function actionsLeft({ case: subject, policy, clock, store }: Inquiry): Promise<number> {
  const used = await store.countCalls(subject.device, subject.remedy, clock.now() - HOUR_MS);
  return policy.maxActionsPerHour - used;
}

function exhausted({ case: subject, policy }: Inquiry): Objection {
  const limit = `max_actions_per_hour is ${policy.maxActionsPerHour}`;
  return {
    reason: 'budget',
    detail: `${subject.remedy} has used its actions of the last hour on ${subject.device}; ${limit}`,
  };
}
