import type { Case } from '../core/case.ts';
import { Bug, messageOf } from '../core/errors.ts';
import { type Bench, meansOf, record } from './armed.ts';
import { receiptsOf } from './judge.ts';

/**
 * Compares the blocks that the ledger holds on a device with what the device shows. A block that vanished is set again
 * for the time that is left of it. A read that fails changes nothing: it is not an empty answer.
 */
export async function reconcileDevice(bench: Bench, device: string, signal: AbortSignal): Promise<void> {
  const holding = await bench.store.cases({ device, states: ['holding'], limit: 100_000 });
  for (const subject of holding) {
    try {
      await reconcileCase(bench, subject, signal);
    } catch (error) {
      signal.throwIfAborted();
      bench.log.warn(
        { case: subject.id, device, detail: messageOf(error) },
        'a block could not be compared with the device',
      );
    }
  }
}

async function reconcileCase(bench: Bench, subject: Case, signal: AbortSignal): Promise<void> {
  const { device, remedy } = meansOf(bench.armed(), subject.device, subject.remedy);
  if (remedy.kind !== 'block') throw new Bug(`${remedy.name} holds nothing`);
  const session = device.session.at('remedy');
  const receipts = receiptsOf(subject);
  const shown = await remedy.holds(session, receipts, signal);
  const vanished = receipts.filter((_, index) => shown[index] === false);
  const leftMs = (subject.dueAt ?? 0) - bench.clock.now();
  if (vanished.length === 0 || leftMs <= 0) return;
  const restored = [];
  for (const receipt of vanished) restored.push(await remedy.restore(session, receipt, leftMs, signal));
  const detail = `${vanished.length} of ${receipts.length} changes had vanished from the device and were set again`;
  await record(bench, subject, { type: 'restored', detail, receipts: restored });
}
