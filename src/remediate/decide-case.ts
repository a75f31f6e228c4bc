import { type Plan, planHash } from '../core/action.ts';
import type { Case } from '../core/case.ts';
import { type Bench, type Means, record } from './armed.ts';
import { carryOut } from './carry-out.ts';
import { decide } from './plan.ts';
import { rehearse } from './rehearse.ts';

/** From `received`, or from an approval, to whatever the mode allows: the first half of a case's life. */
export async function decideCase(bench: Bench, subject: Case, signal: AbortSignal): Promise<Case> {
  const decision = await decide(bench, subject, signal);
  if (decision.kind === 'refused') {
    return record(bench, subject, { type: 'refused', reason: decision.reason, detail: decision.detail });
  }
  if (decision.kind === 'not-needed') {
    return record(bench, subject, { type: 'not-needed', detail: decision.detail, before: decision.before });
  }
  return proceed(bench, subject, decision.means, decision.plan, signal);
}

async function proceed(bench: Bench, subject: Case, means: Means, plan: Plan, signal: AbortSignal): Promise<Case> {
  const { mode, approvalTimeoutMs } = means.policy;
  if (mode === 'dry-run') {
    await rehearse(means, plan, signal);
    return record(bench, subject, { type: 'planned', plan });
  }
  const hash = planHash(plan);
  if (mode === 'approve' && !(subject.approvedBy !== undefined && subject.planHash === hash)) {
    const expiresAt = bench.clock.now() + approvalTimeoutMs;
    return record(bench, subject, { type: 'awaiting-approval', plan, planHash: hash, expiresAt });
  }
  const intended = await record(bench, subject, { type: 'intended', plan, mode });
  return carryOut(bench, intended, means, signal);
}

/** An approval that nobody gave in time ends the case; one that was given goes on with it. */
export async function afterWaiting(bench: Bench, subject: Case, signal: AbortSignal): Promise<Case> {
  if (subject.approvedBy !== undefined) return decideCase(bench, subject, signal);
  if (bench.clock.now() < (subject.wakeAt ?? 0)) return subject;
  const detail = 'nobody approved the plan in time';
  return record(bench, subject, { type: 'refused', reason: 'approval-expired', detail });
}
