import type { Case } from '../core/case.ts';
import { Bug, messageOf } from '../core/errors.ts';
import { type Bench, meansOf, record } from './armed.ts';
import { beginRelease } from './expiry.ts';
import { receiptsOf } from './judge.ts';
import { findStrays } from './strays.ts';

/**
 * Compares the blocks that the ledger holds on a device with what the device shows. A block that vanished is set again
 * for the time that is left of it, and one whose target is on the never-list by now is let go. A read that fails changes
 * nothing: it is not an empty answer.
 */
export async function reconcileDevice(bench: Bench, device: string, signal: AbortSignal): Promise<void> {
  // The longest first: where two blocks hold the same change, it is set again for the longer time.
  for (const subject of await holdingLongest(bench, device)) {
    await orLog(bench, subject, signal, () => reconcileCase(bench, subject, signal));
  }
  await findStrays(bench, device, signal);
}

/**
 * Looks at one block of the device, the one that stands longest: whether it still is there tells whether the device has
 * lost what it held, in a reboot or a failover. True when it has. One read, so it can be asked often.
 */
export async function hasLostBlocks(bench: Bench, device: string, signal: AbortSignal): Promise<boolean> {
  const [canary] = await holdingLongest(bench, device);
  if (!canary || timeLeft(bench, canary) <= 0) return false;
  const found = await orLog(bench, canary, signal, () => vanishedOf(bench, canary, signal));
  return (found?.vanished.length ?? 0) > 0;
}

async function holdingLongest(bench: Bench, device: string): Promise<readonly Case[]> {
  const holding = await bench.store.cases({ device, states: ['holding'], limit: 100_000 });
  return [...holding].sort((one, other) => (other.dueAt ?? 0) - (one.dueAt ?? 0));
}

async function reconcileCase(bench: Bench, subject: Case, signal: AbortSignal): Promise<void> {
  if (timeLeft(bench, subject) <= 0) return;
  if (isBarred(bench, subject)) {
    await beginRelease(bench, subject, 'never', 'unclog');
    return;
  }
  const { means, receipts, vanished } = await vanishedOf(bench, subject, signal);
  if (vanished.length === 0) return;
  const session = means.device.session.at('remedy');
  const restored = [];
  for (const receipt of vanished) {
    const leftMs = timeLeft(bench, subject);
    if (leftMs <= 0) break;
    restored.push(await means.remedy.restore(session, receipt, leftMs, signal));
  }
  const detail = `${vanished.length} of ${receipts.length} changes had vanished from the device and were set again`;
  await record(bench, subject, { type: 'restored', detail, receipts: restored });
}

async function vanishedOf(bench: Bench, subject: Case, signal: AbortSignal) {
  const { device, remedy } = meansOf(bench.armed(), subject.device, subject.remedy);
  if (remedy.kind !== 'block') throw new Bug(`${remedy.name} holds nothing`);
  const receipts = receiptsOf(subject);
  const shown = await remedy.holds(device.session.at('remedy'), receipts, signal);
  const vanished = receipts.filter((_, index) => shown[index] === false);
  return { means: { device, remedy }, receipts, vanished };
}

/** The never-list may have grown since the block was set. */
function isBarred(bench: Bench, subject: Case): boolean {
  const { never } = bench.armed().guards;
  const touched = subject.progress.flatMap(({ action, receipt }) => (receipt ? action.touches : []));
  return never.has(subject.target) || touched.some(target => never.has(target));
}

/** Never more than the whole of it, whatever became of the host's clock. */
function timeLeft(bench: Bench, { dueAt, plan }: Case): number {
  const whole = plan?.kind === 'block' ? plan.holdMs : 0;
  return Math.min((dueAt ?? 0) - bench.clock.now(), whole);
}

async function orLog<T>(
  bench: Bench,
  { id, device }: Case,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    bench.log.warn({ case: id, device, detail: messageOf(error) }, 'a block could not be compared with the device');
    return undefined;
  }
}
