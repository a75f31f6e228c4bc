import type { Case, ReleaseCause } from '../core/case.ts';
import { Bug, messageOf } from '../core/errors.ts';
import { type Bench, type Means, meansOf, record } from './armed.ts';
import { receiptsOf } from './judge.ts';
import { heldByOthers } from './standing.ts';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/** A verified block begins to hold; a harmful one is taken back at once. Its end counts from when it was set. */
export async function hold(bench: Bench, subject: Case): Promise<Case> {
  const { plan, verdict } = subject;
  if (plan?.kind !== 'block') throw new Bug(`case ${subject.id} has nothing to hold`);
  if (verdict?.effect === 'harmful') return beginRelease(bench, subject, 'harmful', 'unclog');
  const dueAt = (await setAt(bench, subject)) + plan.holdMs;
  return record(bench, subject, { type: 'holding', dueAt });
}

/** Ends a block that is due. Before that it changes nothing. */
export async function release(bench: Bench, subject: Case, signal: AbortSignal): Promise<Case> {
  if (subject.state === 'holding') {
    if (bench.clock.now() < (subject.dueAt ?? 0)) return subject;
    return release(bench, await beginRelease(bench, subject, 'due', 'unclog'), signal);
  }
  return takeBack(bench, subject, signal);
}

/** Writes down that the block is to end, before the device is touched. */
export async function beginRelease(bench: Bench, subject: Case, cause: ReleaseCause, by: string): Promise<Case> {
  return record(bench, subject, { type: 'releasing', cause, by });
}

/** Takes the block back and reads back that it is gone. Tried until it is: nothing holds for ever. */
async function takeBack(bench: Bench, subject: Case, signal: AbortSignal): Promise<Case> {
  try {
    const means = meansOf(bench.armed(), subject.device, subject.remedy);
    const verdict = await undo(bench, means, subject, signal);
    if (verdict.proven) return await record(bench, subject, { type: 'released', verdict });
    return await tryAgain(bench, subject, `the block still stands: ${verdict.detail}`);
  } catch (error) {
    signal.throwIfAborted();
    return tryAgain(bench, subject, messageOf(error));
  }
}

async function undo(bench: Bench, { remedy, device }: Means, subject: Case, signal: AbortSignal) {
  if (remedy.kind !== 'block') throw new Bug(`${remedy.name} holds nothing that could be taken back`);
  const held = await heldByOthers(bench, subject);
  return remedy.undo(device.session.at('remedy'), receiptsOf(subject), held, signal);
}

async function tryAgain(bench: Bench, subject: Case, detail: string): Promise<Case> {
  const afterMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(subject.retries, 10), LONGEST_RETRY_MS);
  return record(bench, subject, { type: 'retry', detail, wakeAt: bench.clock.now() + afterMs });
}

/** When the first change was begun: a crash between setting and holding must not make the block longer. */
async function setAt(bench: Bench, subject: Case): Promise<number> {
  const entries = await bench.store.entries(subject.id);
  const first = entries.find(entry => entry.event.type === 'calling');
  return first?.at ?? bench.clock.now();
}
