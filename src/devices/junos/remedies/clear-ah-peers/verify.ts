import { z } from 'zod';
import type { Measurement, OncePlan, Receipt, Verdict } from '../../../../core/action.ts';
import { formatDuration } from '../../../../core/duration.ts';
import { sessionsByNode } from '../../replies/flow-summary.ts';
import { showFlowCountOf } from '../../request.ts';
import type { JunosSession } from '../../session.ts';
import { parseNode, parsePeer, type Peer } from '../../values.ts';
import { sessionsName, tunnelsName } from './measurements.ts';
import { forgetTrace } from './trace.ts';

/** How long tunnels may take to come back: an IKE negotiation and its retries. */
const TIMEOUT_MS = 120_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** What receipts of this remedy hold, as far as the verdict needs it. */
const ReceiptData = z.object({
  peer: z.string(),
  node: z.string().optional(),
  sessions: z.number().optional(),
  cookies: z.array(z.string()).optional(),
  spis: z.array(z.number()).optional(),
});

/** How one peer stood before. */
interface Baseline {
  readonly peer: Peer;
  readonly node: string | undefined;
  readonly sessions: number;
  readonly tunnels: number;
  /** What must be gone. */
  readonly cookies: readonly string[];
  readonly spis: readonly number[];
}

interface State {
  readonly sessions: number;
  readonly tunnels: number;
  readonly survivors: number;
}

/**
 * Waits for the cleared peers: SAs of before gone, sessions fallen, tunnels back. `harmful` when a tunnel that was up
 * stays down for two minutes; `ineffective` when the sessions stay.
 */
export async function verifyClear(
  session: JunosSession,
  plan: OncePlan,
  receipts: readonly Receipt[],
  signal: AbortSignal,
): Promise<Verdict> {
  const baselines = baselinesOf(plan, receipts);
  const end = session.clock.monotonic() + TIMEOUT_MS;
  let states = await look(session, baselines, signal);
  for (
    let pause = FIRST_PAUSE_MS;
    !settled(session, baselines, states);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  ) {
    const left = end - session.clock.monotonic();
    if (left <= 0) break;
    await session.clock.sleep(Math.min(pause, left), signal);
    states = await look(session, baselines, signal);
  }
  for (const { peer } of baselines) await forgetTrace(session, peer);
  await session.trail.say(`cleared ike sa and ipsec sa for peers: ${baselines.map(({ peer }) => peer).join(' ')}`);
  return verdictOf(session, plan, baselines, states);
}

function baselinesOf(plan: OncePlan, receipts: readonly Receipt[]): readonly Baseline[] {
  const found = new Map<Peer, Baseline>();
  for (const receipt of receipts) {
    const data = ReceiptData.parse(receipt.data);
    const peer = parsePeer(data.peer);
    if (peer === undefined) continue;
    const known = found.get(peer);
    const sessions = data.sessions ?? known?.sessions ?? measured(plan, sessionsName(peer));
    found.set(peer, {
      peer,
      node: data.node,
      sessions: Math.max(sessions, known?.sessions ?? 0),
      tunnels: measured(plan, tunnelsName(peer)),
      cookies: [...(known?.cookies ?? []), ...(data.cookies ?? [])],
      spis: [...(known?.spis ?? []), ...(data.spis ?? [])],
    });
  }
  return [...found.values()];
}

function measured(plan: OncePlan, name: string): number {
  return plan.before.find(measurement => measurement.name === name)?.value ?? 0;
}

async function look(
  session: JunosSession,
  baselines: readonly Baseline[],
  signal: AbortSignal,
): Promise<readonly State[]> {
  const table = (await session.tunnels(signal)).tunnels;
  const ike = await session.ike(signal);
  const states: State[] = [];
  for (const { peer, node, cookies, spis } of baselines) {
    const counts = sessionsByNode(await session.flowCount(showFlowCountOf(peer, 'ah'), signal));
    const tunnels = [...table.values()].filter(tunnel => tunnel.peer === peer);
    const livingSpis = tunnels.flatMap(tunnel => [...tunnel.inboundSpis]);
    const livingCookies = ike.filter(sa => sa.peer === peer).map(sa => sa.initiatorCookie);
    states.push({
      sessions: counts.get(node === undefined ? undefined : parseNode(node)) ?? NaN,
      tunnels: tunnels.filter(tunnel => tunnel.up).length,
      survivors:
        livingSpis.filter(spi => spis.includes(spi)).length +
        livingCookies.filter(name => cookies.includes(name)).length,
    });
  }
  return states;
}

function settled(session: JunosSession, baselines: readonly Baseline[], states: readonly State[]): boolean {
  return baselines.every((baseline, at) => {
    const state = states[at];
    return state !== undefined && state.survivors === 0 && fell(session, baseline, state) && cameBack(baseline, state);
  });
}

/** Below the threshold, or half gone: what is left may be the sessions of other, healthy tunnels. */
function fell(session: JunosSession, { sessions: before }: Baseline, { sessions: after }: State): boolean {
  return after < before && (after < session.thresholds.min_peer_sessions || after <= before / 2);
}

function cameBack(baseline: Baseline, state: State): boolean {
  return state.tunnels >= baseline.tunnels;
}

function verdictOf(
  session: JunosSession,
  plan: OncePlan,
  baselines: readonly Baseline[],
  states: readonly State[],
): Verdict {
  const pairs = baselines.flatMap((baseline, at) => {
    const state = states[at];
    return state ? [{ baseline, state }] : [];
  });
  const after = pairs.flatMap(({ baseline: { peer }, state }): Measurement[] => [
    { name: sessionsName(peer), value: state.sessions, unit: 'sessions' },
    { name: tunnelsName(peer), value: state.tunnels, unit: 'tunnels' },
  ]);
  const down = pairs.filter(({ baseline, state }) => !cameBack(baseline, state));
  const still = pairs.filter(({ baseline, state }) => !fell(session, baseline, state));
  const words = pairs.map(
    ({ baseline, state }) =>
      `${baseline.peer}: ${baseline.sessions} → ${state.sessions} sessions, ${baseline.tunnels} → ${state.tunnels} tunnels up`,
  );
  const waited = down.length + still.length > 0 ? ` after ${formatDuration(TIMEOUT_MS)}` : '';
  return {
    proven: pairs.length > 0 && pairs.every(({ state }) => state.survivors === 0),
    effect: down.length > 0 ? 'harmful' : still.length > 0 ? 'ineffective' : 'effective',
    before: plan.before,
    after,
    detail: words.join('; ') + waited,
  };
}
