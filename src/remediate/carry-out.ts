import type { Case, CaseEvent, Recollection } from '../core/case.ts';
import { DeviceRefused, DeviceUnreachable, messageOf, Refusal } from '../core/errors.ts';
import { retryAdvice } from '../core/retry.ts';
import { type Bench, type Means, record } from './armed.ts';

/** A lost answer is looked into after this long, when the device had time to do what it was told. */
const LOST_ANSWER_MS = 1_000;

/**
 * Does the waiting actions of an intended case, one by one. `calling` is durable before each call, `called` after it.
 * A call whose outcome is not known is never made again: it stays `calling`, and `resume` asks the device.
 */
export async function carryOut(bench: Bench, intended: Case, means: Means, signal: AbortSignal): Promise<Case> {
  let subject = intended;
  for (const [index, progress] of subject.progress.entries()) {
    if (progress.state !== 'waiting') continue;
    signal.throwIfAborted();
    subject = await record(bench, subject, { type: 'calling', index });
    try {
      const receipt = await means.remedy.apply(means.device.session.at('remedy'), progress.action, signal);
      subject = await record(bench, subject, { type: 'called', index, receipt });
    } catch (error) {
      signal.throwIfAborted();
      const known = notDone(index, error);
      if (!known) return lookLater(bench, subject, `the outcome of a call is not known: ${messageOf(error)}`);
      subject = await record(bench, subject, known);
      if (error instanceof Refusal) continue;
      return conclude(bench, subject, error);
    }
  }
  return conclude(bench, subject);
}

/** What the device shows of each call whose outcome is not known: after a crash, or after a lost answer. */
export async function recollect(bench: Bench, interrupted: Case, means: Means, signal: AbortSignal): Promise<Case> {
  let subject = interrupted;
  for (const [index, progress] of subject.progress.entries()) {
    if (progress.state !== 'calling') continue;
    const session = means.device.session.at('remedy');
    const recollection: Recollection = await means.remedy.recall(session, progress.action, signal);
    subject = await record(bench, subject, { type: 'recalled', index, recollection });
  }
  return subject;
}

/**
 * Ends the carrying out. `stoppedBy` is the error that kept the rest from being done. What was done, or may have been,
 * is verified; when nothing was, the case ends, or waits for another try where the class of the error says so.
 */
export async function conclude(bench: Bench, subject: Case, stoppedBy?: unknown): Promise<Case> {
  const touched = subject.progress.some(({ state }) => state === 'called' || state === 'unclear');
  if (touched) return record(bench, subject, { type: 'applied' });
  const advice = retryAdvice(stoppedBy, subject.retries + 1);
  if (stoppedBy instanceof DeviceUnreachable && advice.retry) {
    return record(bench, subject, {
      type: 'retry',
      detail: messageOf(stoppedBy),
      wakeAt: bench.clock.now() + advice.afterMs,
    });
  }
  const reason = subject.reason ?? 'nothing-done';
  const detail = subject.detail ?? 'no action of the plan could be done';
  const type = stoppedBy === undefined ? 'refused' : 'failed';
  return record(bench, subject, { type, reason, detail });
}

/** The event that says that a call was certainly not done; undefined when it may have been. */
function notDone(index: number, error: unknown): CaseEvent | undefined {
  const detail = messageOf(error);
  if (error instanceof Refusal) return { type: 'call-failed', index, reason: error.reason, detail };
  if (error instanceof DeviceRefused) return { type: 'call-failed', index, reason: error.code, detail };
  if (error instanceof DeviceUnreachable && !error.maybeDone)
    return { type: 'call-failed', index, reason: error.code, detail };
  return undefined;
}

async function lookLater(bench: Bench, subject: Case, detail: string): Promise<Case> {
  return record(bench, subject, { type: 'retry', detail, wakeAt: bench.clock.now() + LOST_ANSWER_MS });
}
