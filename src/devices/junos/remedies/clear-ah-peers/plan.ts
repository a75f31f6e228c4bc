import type { Action, Measurement, NotNeeded, OncePlan, PassedOver } from '../../../../core/action.ts';
import { Refusal } from '../../../../core/errors.ts';
import type { RemedyRequest } from '../../../contract.ts';
import { type AhSurvey, type PeerSurvey, surveyAh } from '../../ah-survey.ts';
import { type Ownership, ownership } from '../../ownership.ts';
import type { IkeSa } from '../../replies/ike.ts';
import type { Tunnel } from '../../replies/ipsec.ts';
import { sessionsByNode } from '../../replies/flow-summary.ts';
import { showFlowCount } from '../../request.ts';
import type { JunosSession } from '../../session.ts';
import { parsePeer, type Peer } from '../../values.ts';
import { measurementsOf } from './measurements.ts';
import type { ClearAhPeersOptions } from './options.ts';
import { actionOf } from './steps.ts';
import { readTrace } from './trace.ts';

/**
 * Reads the device and picks the peers to clear: the whole device and the peer above their thresholds, sessions that
 * are proven to have no living SA, most sessions first. Each clear command is an action: the IKE SA of a peer, then
 * its IPsec SAs one by one.
 */
export async function planClear(
  session: JunosSession,
  request: RemedyRequest<ClearAhPeersOptions>,
  signal: AbortSignal,
): Promise<OncePlan | NotNeeded | Refusal> {
  const wanted = wantedPeer(request);
  const owned = ownership(await session.cluster(signal));
  if (owned.kind === 'unclear') {
    return new Refusal('cluster-unclear', `the cluster is not in order: ${owned.detail}; nothing is cleared on it now`);
  }
  await session.trail.say('starting flow session table scan.');
  const few = await tooFew(session, owned, signal);
  if (few) return few;
  const survey = await surveyAh(session, signal);
  if (survey.ownership.kind === 'unclear' || survey.ownership.node !== owned.node) {
    return new Refusal('cluster-unclear', 'the cluster changed while it was read; nothing is cleared on it now');
  }
  return choose(session, survey, wanted, request.options, signal);
}

function wantedPeer({ target }: RemedyRequest<ClearAhPeersOptions>): Peer | undefined {
  if (target.kind === 'device') return undefined;
  const peer = target.kind === 'peer' ? parsePeer(target.value) : undefined;
  if (peer === undefined) throw new Refusal('bad-target', `a target of kind ${target.kind} is no peer`);
  return peer;
}

/** The short answer: a device with few AH sessions is not asked for the list of them. */
async function tooFew(session: JunosSession, owned: Ownership, signal: AbortSignal): Promise<NotNeeded | undefined> {
  const counts = sessionsByNode(await session.flowCount(showFlowCount('ah'), signal));
  const count = counts.get(owned.node);
  const least = session.thresholds.min_total_sessions;
  if (count === undefined) throw new Refusal('count-unclear', 'the number of AH sessions cannot be told');
  if (count >= least) return undefined;
  const before: Measurement[] = [{ name: 'AH sessions', value: count, unit: 'sessions' }];
  return { kind: 'not-needed', detail: `${count} AH sessions, and min_total_sessions is ${least}`, before };
}

async function choose(
  session: JunosSession,
  survey: AhSurvey,
  wanted: Peer | undefined,
  options: ClearAhPeersOptions,
  signal: AbortSignal,
): Promise<OncePlan | NotNeeded | Refusal> {
  const { min_peer_sessions: least, top_peers: most } = session.thresholds;
  const large = survey.peers.filter(
    ({ peer, sessions }) => sessions >= least && (wanted === undefined || peer === wanted),
  );
  const before = [{ name: 'AH sessions', value: survey.sessions, unit: 'sessions' }];
  if (large.length === 0) {
    const who = wanted === undefined ? `none of ${survey.peers.length} peers` : `the peer ${wanted} no longer`;
    return { kind: 'not-needed', detail: `${who} has ${least} or more AH sessions`, before };
  }
  const judged = large.map(found => ({ found, no: objection(found, survey, options) }));
  const good = judged.filter(({ no }) => no === undefined).map(({ found }) => found);
  const passedOver: PassedOver[] = judged.flatMap(({ found, no }) =>
    no === undefined ? [] : [{ subject: `peer ${found.peer}`, reason: no }],
  );
  passedOver.push(...good.slice(most).map(({ peer }) => ({ subject: `peer ${peer}`, reason: `top_peers is ${most}` })));
  const chosen = good.slice(0, most);
  if (chosen.length === 0) {
    return new Refusal('unproven', passedOver.map(({ subject, reason }) => `${subject}: ${reason}`).join('; '));
  }
  const ike = await session.ike(signal);
  const actions: Action[] = [];
  for (const found of chosen) actions.push(...(await actionsFor(session, survey, found, ike, passedOver)));
  if (actions.length === 0) return new Refusal('nothing-to-clear', 'the peers have no SA that could be cleared');
  return {
    kind: 'once',
    summary: `clear ${chosen.map(({ peer, sessions, orphans }) => `${peer} (${sessions} sessions, ${orphans} without a living SA)`).join(', ')}`,
    actions,
    before: [...before, ...chosen.flatMap(measurementsOf)],
    passedOver,
  };
}

/** Why a peer with many sessions is left alone. */
function objection(found: PeerSurvey, survey: AhSurvey, options: ClearAhPeersOptions): string | undefined {
  if (survey.localGateways.has(found.peer)) return 'it is an address of this device';
  if (found.living === 0) {
    return 'no SPI of its sessions belongs to a living SA: that the others are dead cannot be told from that';
  }
  if (found.orphans < options.min_orphan_sessions) {
    return `${found.orphans} of its sessions have no living SA, and min_orphan_sessions is ${options.min_orphan_sessions}`;
  }
  return undefined;
}

async function actionsFor(
  session: JunosSession,
  survey: AhSurvey,
  found: PeerSurvey,
  ike: readonly IkeSa[],
  passedOver: PassedOver[],
): Promise<readonly Action[]> {
  const { peer, tunnels } = found;
  const { node } = survey.ownership;
  const subject = `IKE SA with peer ${peer}`;
  const actions: Action[] = [];
  const cookies = ike.filter(sa => sa.peer === peer).map(sa => sa.initiatorCookie);
  const cleared = (await readTrace(session, peer))?.cookies;
  // The trace is older than the command: only SAs that are gone prove that it was carried out.
  if (cleared && !cookies.some(cookie => cleared.includes(cookie))) {
    passedOver.push({ subject, reason: 'it was cleared a moment ago, in a run that was interrupted' });
  } else if (cookies.length === 0) {
    passedOver.push({ subject, reason: 'there is none' });
  } else {
    actions.push(actionOf({ kind: 'ike', peer, node }, evidenceOf(found)));
  }
  for (const tunnel of tunnels) {
    actions.push(actionOf({ kind: 'ipsec', peer, index: tunnel.index, node }, [spisInWords(tunnel)]));
  }
  return actions;
}

function evidenceOf({ sessions, expected, living, orphans, tunnels }: PeerSurvey): readonly string[] {
  const up = tunnels.filter(tunnel => tunnel.up).length;
  return [
    `${sessions} AH sessions; its ${up} living tunnels account for ${expected}`,
    `${orphans} SPIs in the flow table belong to no living SA, before and after the list was read; ${living} do`,
  ];
}

function spisInWords({ index, inboundSpis, up }: Tunnel): string {
  const spis = [...inboundSpis].map(spi => `0x${spi.toString(16).padStart(8, '0')}`).join(', ');
  return up ? `index ${index} is up, inbound SPI ${spis}` : `index ${index} is down`;
}
