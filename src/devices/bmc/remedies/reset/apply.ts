import { z } from 'zod';
import type { Action, Receipt } from '../../../../core/action.ts';
import type { Recollection } from '../../../../core/case.ts';
import { DeviceRefused, DeviceUnreachable, Refusal } from '../../../../core/errors.ts';
import { RESET_ACTIONS } from '../../access.ts';
import { isTakenBack } from '../../sel/recovery.ts';
import { errorKey } from '../../sel/tally.ts';
import type { BmcSession } from '../../session.ts';
import { recallReset, rememberReset } from './memory.ts';

const planned = z.object({ action: z.enum(RESET_ACTIONS), error: z.string(), settleMs: z.number() });

export async function applyReset(session: BmcSession, action: Action, signal: AbortSignal): Promise<Receipt> {
  const { action: kind, error } = planned.parse(action.data);
  await checkAgain(session, action, signal);
  if (session.rehearsal) {
    session.rehearsal.push(...action.calls);
    return { calls: action.calls, reply: 'rehearsed', data: action.data };
  }
  const before = await recallReset(session.device, session.memory);
  try {
    const reply = await session.reset(kind, signal, () => rememberReset(session.memory, { error }));
    await rememberReset(session.memory, { error, reply });
    return { calls: action.calls, reply, data: action.data };
  } catch (thrown) {
    if (isNotDone(thrown)) await rememberReset(session.memory, before);
    throw thrown;
  }
}

/** Refused, or not sent at all. Anything else may have been done, and stays remembered. */
function isNotDone(thrown: unknown): boolean {
  return thrown instanceof DeviceRefused || (thrown instanceof DeviceUnreachable && !thrown.maybeDone);
}

/** A BMC does not say whether its host was reset, so only our own memory can: it is written before the call is sent. */
export async function recallAppliedReset(session: BmcSession, action: Action): Promise<Recollection> {
  const { error } = planned.parse(action.data);
  const last = await recallReset(session.device, session.memory);
  if (last?.error !== error) return { found: 'not-done', detail: 'the call was not sent' };
  if (last.reply === undefined) {
    const detail =
      'the call was about to be sent, and the BMC does not tell whether its host was reset: look at the host';
    return { found: 'unclear', detail };
  }
  return { found: 'done', receipt: { calls: action.calls, reply: last.reply, data: action.data } };
}

async function checkAgain(session: BmcSession, action: Action, signal: AbortSignal): Promise<void> {
  const { action: kind, error } = planned.parse(action.data);
  const { tally, reading } = await session.readLog(signal);
  const cause = tally.fresh.find(fresh => errorKey(fresh) === error);
  if (!cause) throw new Refusal('plan-changed', 'the PCI error that this was planned for is not known any more');
  if (isTakenBack(cause, reading.events)) {
    throw new Refusal('plan-changed', 'the BMC has taken the PCI error back that this was planned for');
  }
  const last = await recallReset(session.device, session.memory);
  if (last?.error === error) throw new Refusal('already-reset', 'the host was reset for this PCI error already');
  if ((await session.readPower(signal)) === 'off') throw new Refusal('plan-changed', 'the host has no power any more');
  const call = (await session.offeredResets(signal)).get(kind);
  if (call !== action.calls[0]) throw new Refusal('plan-changed', `the BMC offers ${call ?? 'no such reset'} now`);
}
