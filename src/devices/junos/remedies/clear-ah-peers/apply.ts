import type { Action, Receipt } from '../../../../core/action.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { Refusal } from '../../../../core/errors.ts';
import { ownership } from '../../ownership.ts';
import { sessionsByNode } from '../../replies/flow-summary.ts';
import { showFlowCountOf } from '../../request.ts';
import type { JunosSession } from '../../session.ts';
import type { TunnelIndex } from '../../values.ts';
import { clearOf, type Step, stepOf } from './steps.ts';
import { noteIke, noteIpsec, readTrace } from './trace.ts';

/**
 * Sends one clear command, after a fresh look at what it is about to end. What the device shows right before is noted
 * durably first. Throws Refusal when it is not what was planned.
 */
export async function applyClear(session: JunosSession, action: Action, signal: AbortSignal): Promise<Receipt> {
  const step = stepOf(action);
  const owned = ownership(await session.cluster(signal));
  if (owned.kind === 'unclear' || owned.node !== step.node) {
    const now = owned.detail === '' ? 'its tunnels have another owner now' : owned.detail;
    throw new Refusal('cluster-changed', `the cluster is not as it was planned for: ${now}`);
  }
  const seen =
    step.kind === 'ike' ? await lookAtPeer(session, step, signal) : await lookAtTunnel(session, step, signal);
  const clear = clearOf(step);
  await session.clear(clear, signal);
  return {
    calls: [clear.words],
    reply: 'accepted without a word',
    data: { ...action.data, rpc: clear.rpc, ...seen },
  };
}

async function lookAtPeer(
  session: JunosSession,
  { peer, node }: Extract<Step, { kind: 'ike' }>,
  signal: AbortSignal,
): Promise<JsonObject> {
  const sessions = sessionsByNode(await session.flowCount(showFlowCountOf(peer, 'ah'), signal)).get(node);
  const least = session.thresholds.min_peer_sessions;
  if (sessions === undefined) throw new Refusal('count-unclear', `the number of AH sessions of ${peer} cannot be told`);
  if (sessions < least) {
    throw new Refusal('trouble-gone', `peer ${peer} has ${sessions} AH sessions now; min_peer_sessions is ${least}`);
  }
  const cookies = (await session.ike(signal)).filter(sa => sa.peer === peer).map(sa => sa.initiatorCookie);
  if (cookies.length === 0) throw new Refusal('sa-gone', `there is no IKE SA with peer ${peer} now`);
  const spis = new Map<TunnelIndex, readonly number[]>();
  for (const tunnel of (await session.tunnels(signal)).tunnels.values()) {
    if (tunnel.peer === peer) spis.set(tunnel.index, [...tunnel.inboundSpis]);
  }
  if (session.rehearsing) {
    await session.trail.say(`dry_run: found 1 peers to clear - ${peer}`);
  } else {
    await session.trail.say(`selected 1 peers to clear - ${peer}`);
    await noteIke(session, peer, { cookies, sessions }, spis);
  }
  return { cookies, sessions };
}

async function lookAtTunnel(
  session: JunosSession,
  { peer, index }: Extract<Step, { kind: 'ipsec' }>,
  signal: AbortSignal,
): Promise<JsonObject> {
  const tunnel = (await session.tunnel(index, signal)).tunnels.get(index);
  if (!tunnel) throw new Refusal('sa-gone', `there is no IPsec SA of index ${index} now`);
  if (tunnel.peer !== peer)
    throw new Refusal('index-moved', `index ${index} belongs to ${tunnel.peer} now, not to ${peer}`);
  const spis = [...tunnel.inboundSpis];
  const trace = await readTrace(session, peer);
  const earlier = trace?.sent[String(index)] ?? trace?.spis[String(index)];
  if (earlier && earlier.length > 0 && !spis.some(spi => earlier.includes(spi))) {
    const now = spis.length === 0 ? 'is down' : 'has come back with new SPIs';
    throw new Refusal('sa-renewed', `index ${index} ${now} since its peer was cleared`);
  }
  if (!session.rehearsing) await noteIpsec(session, peer, index, spis);
  return { spis };
}
