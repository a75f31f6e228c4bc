import type { Case } from '../core/case.ts';
import { Bug, DeviceUnreachable, messageOf, Refusal, UnclogError } from '../core/errors.ts';
import { retryAdvice } from '../core/retry.ts';
import { type Bench, record } from './armed.ts';
import { afterWaiting, decideCase } from './decide-case.ts';
import { hold, release } from './expiry.ts';
import { judge } from './judge.ts';
import { resume } from './resume.ts';

/** A once-only case whose calls cannot be looked into for so many tries is given up; a block never is. */
const MOST_TRIES = 60;
const REMOVED_DEVICE_MS = 60_000;

/**
 * Takes a case one step on. The pipeline of DESIGN.md section 4 in one place: whatever state the ledger holds after a
 * crash, this is how the case goes on. Errors become events here.
 */
export async function advance(bench: Bench, subject: Case, signal: AbortSignal): Promise<Case> {
  try {
    return await step(bench, subject, signal);
  } catch (error) {
    signal.throwIfAborted();
    // Events may have been added before the error: go on from what the ledger holds.
    const current = (await bench.store.case(subject.id)) ?? subject;
    bench.log.warn(
      { case: subject.id, device: subject.device, state: current.state, err: error },
      'a step of a case failed',
    );
    return afterError(bench, current, error);
  }
}

async function step(bench: Bench, subject: Case, signal: AbortSignal): Promise<Case> {
  switch (subject.state) {
    case 'received':
      return decideCase(bench, subject, signal);
    case 'awaiting-approval':
      return afterWaiting(bench, subject, signal);
    case 'intended':
      return resume(bench, subject, signal);
    case 'applied':
      return judge(bench, subject, signal);
    case 'verified':
    case 'unverified':
      return hold(bench, subject);
    case 'holding':
    case 'releasing':
      return release(bench, subject, signal);
    case 'refused':
    case 'not-needed':
    case 'planned':
    case 'released':
    case 'failed':
      return subject;
  }
}

async function afterError(bench: Bench, subject: Case, error: unknown): Promise<Case> {
  const detail = messageOf(error);
  const retry = (afterMs: number) =>
    record(bench, subject, { type: 'retry', detail, wakeAt: bench.clock.now() + afterMs });
  const advice = retryAdvice(error, subject.retries + 1);
  switch (subject.state) {
    case 'received':
    case 'awaiting-approval':
      if (error instanceof Refusal) return record(bench, subject, { type: 'refused', reason: error.reason, detail });
      return advice.retry
        ? retry(advice.afterMs)
        : record(bench, subject, { type: 'failed', reason: codeOf(error), detail });
    case 'intended':
    case 'applied':
      if (error instanceof Refusal) return retry(REMOVED_DEVICE_MS);
      if (subject.plan?.kind === 'block' || (error instanceof DeviceUnreachable && subject.retries < MOST_TRIES)) {
        return retry(advice.retry ? advice.afterMs : REMOVED_DEVICE_MS);
      }
      return record(bench, subject, { type: 'failed', reason: codeOf(error), detail });
    case 'holding':
    case 'releasing':
      return retry(REMOVED_DEVICE_MS);
    default:
      throw new Bug(`case ${subject.id} failed in state ${subject.state}: ${detail}`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof UnclogError ? error.code : 'bug';
}
