import type { OncePlan, Receipt, Verdict } from '../../../../core/action.ts';
import { Bug } from '../../../../core/errors.ts';
import type { PanosSession } from '../../session.ts';
import { type DiscardData, memberOf, readDiscardData } from './action.ts';
import { measure, readBuffers } from './buffers.ts';
import { describeChange, judgeEffect } from './effect.ts';
import { type Fate, readFate } from './fate.ts';

const LOOK_AGAIN_MS = 1_000;

/**
 * Reads sessions and buffers until the sessions are out of the way and the buffers fell, or until `verify_within` is
 * over. Each look takes one call a member and one for each session that is not proven yet.
 */
export async function verifyDiscards(
  session: PanosSession,
  plan: OncePlan,
  receipts: readonly Receipt[],
  signal: AbortSignal,
): Promise<Verdict> {
  const [first] = plan.actions;
  if (!first) throw new Bug('a plan without actions cannot be verified');
  const { threshold, verifyWithinMs } = readDiscardData(first.data);
  const deadline = session.clock.monotonic() + verifyWithinMs;
  let open = receipts.map(receipt => readDiscardData(receipt.data));
  const members = [...new Set(open.map(data => memberOf(session, data)))];
  for (;;) {
    open = await stillOpen(session, open, signal);
    const after = (await readBuffers(members, signal)).map(measure);
    const effect = judgeEffect(plan.before, after, threshold);
    const proven = open.length === 0;
    const left = deadline - session.clock.monotonic();
    if ((proven && effect === 'effective') || left <= 0) {
      const detail = `${sessionsInWords(receipts.length, open)}; ${describeChange(plan.before, after)}`;
      return { proven, effect, before: plan.before, after, detail };
    }
    await session.clock.sleep(Math.min(LOOK_AGAIN_MS, left), signal);
  }
}

/** Those that the device does not show as discarded or gone. */
async function stillOpen(session: PanosSession, discards: readonly DiscardData[], signal: AbortSignal) {
  const fates = await Promise.all(discards.map(data => readFate(memberOf(session, data), data, signal)));
  return discards.filter((_data, index) => !isOver(fates[index]));
}

function isOver(fate: Fate | undefined): boolean {
  return fate !== undefined && ['discarded', 'gone', 'replaced'].includes(fate.kind);
}

function sessionsInWords(count: number, open: readonly DiscardData[]): string {
  if (open.length === 0) return `${count} of ${count} sessions are discarded or gone`;
  const ids = open.map(({ id }) => id).join(', ');
  return `${count - open.length} of ${count} sessions are discarded or gone, still there: ${ids}`;
}
