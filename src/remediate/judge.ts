import type { Plan, Receipt, Verdict } from '../core/action.ts';
import type { Case } from '../core/case.ts';
import { Bug, DeviceUnreachable, messageOf } from '../core/errors.ts';
import { retryAdvice } from '../core/retry.ts';
import type { Remedy, Session } from '../devices/contract.ts';
import { type Bench, meansOf, record } from './armed.ts';

/** After so many tries to read back, the change counts as unverified. */
const MOST_TRIES = 8;

/** Reads back what was done and judges it: `applied` → `verified` or `unverified`. */
export async function judge(bench: Bench, subject: Case, signal: AbortSignal): Promise<Case> {
  const { plan } = subject;
  if (!plan) throw new Bug(`case ${subject.id} was applied without a plan`);
  const { device, remedy } = meansOf(bench.armed(), subject.device, subject.remedy);
  try {
    const verdict = await verify(remedy, device.session.at('remedy'), plan, receiptsOf(subject), signal);
    const unclear = subject.progress.some(({ state }) => state === 'unclear');
    const type = verdict.proven && !unclear ? 'verified' : 'unverified';
    return await record(bench, subject, { type, verdict });
  } catch (error) {
    signal.throwIfAborted();
    const advice = retryAdvice(error, subject.retries + 1);
    if (error instanceof DeviceUnreachable && advice.retry && subject.retries < MOST_TRIES) {
      return record(bench, subject, {
        type: 'retry',
        detail: messageOf(error),
        wakeAt: bench.clock.now() + advice.afterMs,
      });
    }
    return record(bench, subject, { type: 'unverified', verdict: unproven(plan, messageOf(error)) });
  }
}

/** The receipts of everything that this case did, over all its plans. */
export function receiptsOf(subject: Case): readonly Receipt[] {
  return subject.progress.flatMap(({ receipt }) => receipt ?? []);
}

function verify(
  remedy: Remedy<Session>,
  session: Session,
  plan: Plan,
  receipts: readonly Receipt[],
  signal: AbortSignal,
): Promise<Verdict> {
  if (remedy.kind === 'once' && plan.kind === 'once') return remedy.verify(session, plan, receipts, signal);
  if (remedy.kind === 'block' && plan.kind === 'block') return remedy.verify(session, plan, receipts, signal);
  throw new Bug(`${remedy.name} is a ${remedy.kind} remedy with a ${plan.kind} plan`);
}

function unproven(plan: Plan, detail: string): Verdict {
  return {
    proven: false,
    effect: 'ineffective',
    before: plan.before,
    after: [],
    detail: `could not read back: ${detail}`,
  };
}
