import type { Action } from '../../../../core/action.ts';
import type { Recollection } from '../../../../core/case.ts';
import type { JunosSession } from '../../session.ts';
import { clearOf, type Step, stepOf } from './steps.ts';
import { isOld, readAnyTrace, type Trace } from './trace.ts';

/**
 * What the device shows of a clear whose answer never came. The trace was written before the command: without one it
 * was not sent. With one, the device is asked whether the SAs of then still live; cookies and SPIs never come again.
 */
export async function recallClear(session: JunosSession, action: Action, signal: AbortSignal): Promise<Recollection> {
  const step = stepOf(action);
  const trace = await readAnyTrace(session, step.peer);
  const before = trace && (step.kind === 'ike' ? trace.cookies : trace.sent[String(step.index)]);
  if (!before) return { found: 'not-done', detail: 'it was not about to be sent' };
  if (isOld(session, trace)) {
    return { found: 'unclear', detail: 'what was noted before it is too old: it may be of another run' };
  }
  if (before.length === 0)
    return { found: 'unclear', detail: 'no SA lived before it, so nothing shows whether it was sent' };
  const survives =
    step.kind === 'ike'
      ? await ikeSurvives(session, step, trace, signal)
      : await tunnelSurvives(session, step, trace, signal);
  if (survives) return { found: 'not-done', detail: 'the SAs of before it still live' };
  const { words, rpc } = clearOf(step);
  const seen = step.kind === 'ike' ? { cookies: before, sessions: trace.sessions ?? 0 } : { spis: before };
  const reply = 'the answer was lost; the SAs of before it are gone';
  return { found: 'done', receipt: { calls: [words], reply, data: { ...action.data, rpc, ...seen } } };
}

async function ikeSurvives(session: JunosSession, { peer }: Step, trace: Trace, signal: AbortSignal): Promise<boolean> {
  const now = await session.ike(signal);
  return now.some(sa => sa.peer === peer && trace.cookies?.includes(sa.initiatorCookie) === true);
}

async function tunnelSurvives(
  session: JunosSession,
  { index }: Extract<Step, { kind: 'ipsec' }>,
  trace: Trace,
  signal: AbortSignal,
): Promise<boolean> {
  const tunnel = (await session.tunnel(index, signal)).tunnels.get(index);
  const before = trace.sent[String(index)] ?? [];
  return tunnel !== undefined && before.some(spi => tunnel.inboundSpis.has(spi));
}
