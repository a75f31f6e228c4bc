import { type Case, type CaseState, caseKey } from '../core/case.ts';
import type { EarlierBlock, HeldChange } from '../devices/contract.ts';
import type { Bench } from './armed.ts';
import { receiptsOf } from './judge.ts';

const ALL = 100_000;

/** A case that may have changed the device and does not yet take that back. */
const HOLDING: readonly CaseState[] = ['intended', 'applied', 'verified', 'unverified', 'holding'];

/** More of a target's history is never looked at. */
const MOST_EARLIER = 50;

/** What blocks of the same remedy on the same device hold, this case's own left out. */
export async function heldByOthers(bench: Bench, subject: Case): Promise<readonly HeldChange[]> {
  return (await standingBlocks(bench, subject.device, subject.remedy))
    .filter(({ id }) => id !== subject.id)
    .flatMap(other => {
      const dueAt = other.dueAt ?? bench.clock.now() + holdOf(other);
      return receiptsOf(other).map(receipt => ({ receipt, dueAt }));
    });
}

export async function standingBlocks(bench: Bench, device: string, remedy: string): Promise<readonly Case[]> {
  const open = await bench.store.cases({ device, remedy, states: HOLDING, limit: ALL });
  return open.filter(({ plan }) => plan?.kind === 'block');
}

/** Blocks on the same target that were held and are over, newest first. */
export async function earlierBlocks(bench: Bench, subject: Case): Promise<readonly EarlierBlock[]> {
  const over = await bench.store.cases({ key: caseKey(subject), states: ['released'], limit: MOST_EARLIER });
  return over.flatMap(earlier =>
    earlier.heldFrom === undefined ? [] : [{ heldFrom: earlier.heldFrom, receipts: receiptsOf(earlier) }],
  );
}

function holdOf({ plan }: Case): number {
  return plan?.kind === 'block' ? plan.holdMs : 0;
}
