import type { Plan } from '../core/action.ts';
import type { Case } from '../core/case.ts';
import { canonicalJson } from '../core/json.ts';
import { type Bench, type Means, meansOf, record } from './armed.ts';
import { carryOut, conclude, recollect } from './carry-out.ts';
import { type Decision, decide } from './plan.ts';

/**
 * Goes on with a case that was interrupted while it was carried out. First the device is asked what became of the
 * calls whose outcome is not known; what is left to do is then decided from a fresh read, with every guard asked again.
 */
export async function resume(bench: Bench, interrupted: Case, signal: AbortSignal): Promise<Case> {
  const means = meansOf(bench.armed(), interrupted.device, interrupted.remedy);
  const subject = await recollect(bench, interrupted, means, signal);
  const leftToDo = subject.progress.some(({ state }) => state === 'waiting' || state === 'not-done');
  if (!leftToDo) return conclude(bench, subject);
  if (!mayGoOn(subject, means)) {
    const detail = `interrupted, and the mode of ${subject.remedy} is ${means.policy.mode} by now: the rest is not done`;
    return endWithout(bench, subject, { kind: 'refused', reason: 'mode-changed', detail });
  }
  const decision = await decide(bench, subject, signal);
  const plan = decision.kind === 'plan' ? stillToDo(subject, decision.plan) : undefined;
  if (plan) {
    const intended = await record(bench, subject, { type: 'intended', plan, mode: means.policy.mode });
    return carryOut(bench, intended, means, signal);
  }
  return endWithout(bench, subject, decision);
}

/** An operator may have turned the mode down since the case began: then nothing more is done. */
function mayGoOn(subject: Case, { policy }: Means): boolean {
  return policy.mode === 'auto' || (policy.mode === 'approve' && subject.approvedBy !== undefined);
}

/** Nothing is left to do. What was done before the interruption is verified; otherwise the decision ends the case. */
async function endWithout(bench: Bench, subject: Case, decision: Decision): Promise<Case> {
  if (subject.progress.some(({ state }) => state === 'called' || state === 'unclear')) return conclude(bench, subject);
  if (decision.kind === 'refused') {
    return record(bench, subject, { type: 'refused', reason: decision.reason, detail: decision.detail });
  }
  const before = decision.kind === 'not-needed' ? decision.before : decision.plan.before;
  const detail =
    decision.kind === 'not-needed' ? decision.detail : 'after the interruption nothing of the plan is left to do';
  return record(bench, subject, { type: 'not-needed', detail, before });
}

/**
 * The fresh plan without what was already called, and, where an operator approved the plan, without anything that the
 * approved one did not hold. Undefined when nothing is left.
 */
function stillToDo(subject: Case, fresh: Plan): Plan | undefined {
  const called = new Set(
    subject.progress
      .filter(({ state }) => state === 'called' || state === 'unclear')
      .map(({ action }) => identity(action)),
  );
  const approved = new Set(subject.plan?.actions.map(identity));
  const bound = subject.approvedBy !== undefined;
  const actions = fresh.actions.filter(action => {
    const name = identity(action);
    return !called.has(name) && (!bound || approved.has(name));
  });
  return actions.length === 0 ? undefined : { ...fresh, actions };
}

function identity(action: Plan['actions'][number]): string {
  return canonicalJson({ calls: action.calls, data: action.data });
}
