import { z } from 'zod';
import type { OncePlan, Receipt, Verdict } from '../../../../core/action.ts';
import { DeviceUnreachable } from '../../../../core/errors.ts';
import { RESET_ACTIONS } from '../../access.ts';
import type { BmcSession } from '../../session.ts';

const POLL_MS = 2_000;
const LOST =
  'the reset was about to be sent, or its answer was lost: a BMC does not tell whether its host was reset, so look at the host. It is not sent again for this error';

const done = z.object({ action: z.enum(RESET_ACTIONS), settleMs: z.number() });

/** The BMC accepted the call; what can be read back is that the host has power again when it should have. */
export async function verifyReset(
  session: BmcSession,
  plan: OncePlan,
  receipts: readonly Receipt[],
  signal: AbortSignal,
): Promise<Verdict> {
  const { before } = plan;
  const [receipt] = receipts;
  if (!receipt) return { proven: false, effect: 'ineffective', before, after: [], detail: LOST };
  const { action, settleMs } = done.parse(receipt.data);
  const on = await waitForPower(session, settleMs, signal);
  const after = [{ name: 'host power', value: on ? 1 : 0, unit: 'on' }];
  const accepted = `the BMC accepted ${action} (${receipt.reply})`;
  if (on) return { proven: true, effect: 'effective', before, after, detail: `${accepted} and the host has power` };
  const detail = `${accepted} and the host has no power ${settleMs / 1_000} s later: switch it on by hand`;
  return { proven: true, effect: 'harmful', before, after, detail };
}

/** A BMC may be away for a moment itself while its host restarts. */
async function waitForPower(session: BmcSession, settleMs: number, signal: AbortSignal): Promise<boolean> {
  const end = session.clock.monotonic() + settleMs;
  for (;;) {
    await session.clock.sleep(POLL_MS, signal);
    const last = session.clock.monotonic() >= end;
    try {
      if ((await session.readPower(signal)) === 'on') return true;
      if (last) return false;
    } catch (error) {
      if (last || !(error instanceof DeviceUnreachable)) throw error;
    }
  }
}
