import { messageOf } from '../core/errors.ts';
import type { BlockRemedy, Session } from '../devices/contract.ts';
import type { Bench } from './armed.ts';
import { receiptsOf } from './judge.ts';
import { standingBlocks } from './standing.ts';

/**
 * Looks for what carries a remedy's mark on the device and belongs to no block, and tells the watchers: left behind by
 * a ledger that was lost, or set by others. Nothing of it is ever removed here.
 */
export async function findStrays(bench: Bench, device: string, signal: AbortSignal): Promise<void> {
  const { devices, policies } = bench.armed();
  const armed = devices.get(device);
  if (!armed) return;
  for (const remedy of armed.remedies.values()) {
    const policy = policies.get(remedy.name);
    if (remedy.kind !== 'block' || !policy || policy.mode === 'off') continue;
    await tellStrays(bench, device, remedy, armed.session, policy.options, signal);
  }
}

async function tellStrays(
  bench: Bench,
  device: string,
  remedy: BlockRemedy<Session>,
  session: Session,
  options: unknown,
  signal: AbortSignal,
): Promise<void> {
  try {
    const open = await bench.store.cases({ device, remedy: remedy.name, states: ['releasing'], limit: 100_000 });
    const held = [...(await standingBlocks(bench, device, remedy.name)), ...open].flatMap(receiptsOf);
    const subjects = await remedy.strays?.(session.at('remedy'), options, held, signal);
    if (!subjects) return;
    bench.bus.tell({ kind: 'strays', at: bench.clock.now(), device, remedy: remedy.name, subjects });
  } catch (error) {
    signal.throwIfAborted();
    const detail = messageOf(error);
    bench.log.warn({ device, remedy: remedy.name, detail }, 'blocks without a case could not be looked for');
  }
}
