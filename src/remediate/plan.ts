import type { NotNeeded, Plan } from '../core/action.ts';
import type { Case } from '../core/case.ts';
import { Bug, Refusal } from '../core/errors.ts';
import { type Bench, type Means, meansOf } from './armed.ts';
import { type Inquiry, type Objection, objection, permitted } from './guards/index.ts';
import { receiptsOf } from './judge.ts';
import { requestOf } from './policy.ts';
import { earlierBlocks, heldByOthers } from './standing.ts';

/** What is to be done about a case now, after the device was read again and every guard was asked. */
export type Decision =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly means: Means }
  | NotNeeded
  | ({ readonly kind: 'refused' } & Objection);

/**
 * Reads the device again and decides. Changes nothing. Errors of the device are thrown: the caller knows whether to
 * try again.
 */
export async function decide(bench: Bench, subject: Case, signal: AbortSignal): Promise<Decision> {
  try {
    const arming = bench.armed();
    const request = requestOf(subject.alert, arming);
    if (request.kind === 'remedy' && request.refusal) throw request.refusal;
    const means = meansOf(arming, subject.device, subject.remedy);
    const inquiry: Inquiry = {
      case: subject,
      policy: means.policy,
      guards: arming.guards,
      clock: bench.clock,
      store: bench.store,
    };
    const no = await objection(inquiry);
    if (no) return { kind: 'refused', ...no };
    const found = await propose(bench, means, subject, signal);
    if (found.kind === 'not-needed') return found;
    const allowed = await permitted(inquiry, found);
    return 'reason' in allowed ? { kind: 'refused', ...allowed } : { kind: 'plan', plan: allowed, means };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.reason, detail: error.message };
    throw error;
  }
}

/** The remedy's own plan, before any guard. Throws Refusal when it declines. */
export async function propose(
  bench: Bench,
  means: Means,
  subject: Case,
  signal: AbortSignal,
): Promise<Plan | NotNeeded> {
  const session = means.device.session.at('remedy');
  const request = {
    target: subject.target,
    labels: subject.alert.labels,
    options: means.policy.options,
    never: bench.armed().guards.never,
    done: receiptsOf(subject),
    earlier: await earlierBlocks(bench, subject),
    held: await heldByOthers(bench, subject),
  };
  const found = await means.remedy.plan(session, request, signal);
  if (found instanceof Refusal) throw found;
  if (found.kind === 'not-needed') return found;
  if (found.actions.length === 0) throw new Bug(`${means.remedy.name} gave a plan without actions`);
  if (found.kind === 'block' && !(found.holdMs > 0)) throw new Bug(`${means.remedy.name} gave a block without an end`);
  return found;
}
