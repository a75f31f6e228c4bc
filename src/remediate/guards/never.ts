import type { Action } from '../../core/action.ts';
import type { NeverList } from '../../core/policy.ts';
import { targetText } from '../../core/target.ts';
import type { Guard, PlanGuard } from './guard.ts';

/** A target on the never-list is never acted on. */
export const neverTarget: Guard = ({ case: subject, guards }) =>
  guards.never.has(subject.target)
    ? { reason: 'never', detail: `${targetText(subject.target)} is on the never-list` }
    : undefined;

/** An action that would cut off anything on the never-list is left out; a plan of nothing else is refused. */
export const neverTouched: PlanGuard = ({ guards }, plan) => {
  const barred = plan.actions.flatMap(action => {
    const touched = touchedNever(action, guards.never);
    return touched === undefined ? [] : [{ action, reason: `never-list: ${touched}` }];
  });
  if (barred.length === 0) return plan;
  const passedOver = barred.map(({ action, reason }) => ({ subject: action.subject, reason }));
  const actions = plan.actions.filter(action => barred.every(other => other.action !== action));
  if (actions.length > 0) return { ...plan, actions, passedOver: [...plan.passedOver, ...passedOver] };
  const detail = passedOver.map(entry => `${entry.subject}: ${entry.reason}`).join('; ');
  return { reason: 'never', detail: `all that could be done is barred: ${detail}` };
};

function touchedNever(action: Action, never: NeverList): string | undefined {
  const touched = action.touches.find(candidate => never.has(candidate));
  return touched === undefined ? undefined : targetText(touched);
}
