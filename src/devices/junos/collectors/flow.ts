import { type Sample, sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import {
  ahSessions,
  ahThreshold,
  flowProtocolSessions,
  flowSessions,
  flowSessionsLimit,
  flowSpuSessions,
  flowSpuSessionsLimit,
  STANDALONE,
} from '../metrics.ts';
import { ownership } from '../ownership.ts';
import { type FlowUsage, limitsByNode, sessionsByNode } from '../replies/flow-summary.ts';
import { showFlowCount } from '../request.ts';
import type { JunosSession } from '../session.ts';

/** How full the flow table is, and how many sessions are of IPsec: four short answers, whatever the table holds. */
export const flow: Collector<JunosSession> = {
  name: 'flow',
  cadence: 'scrape',
  metrics: [
    flowSessions,
    flowSessionsLimit,
    flowSpuSessions,
    flowSpuSessionsLimit,
    flowProtocolSessions,
    ahSessions,
    ahThreshold,
  ],
  collect: async (session, signal) => {
    const owned = ownership(await session.cluster(signal));
    const usages = await session.flowSummary(signal);
    const ah = sessionsByNode(await session.flowCount(showFlowCount('ah'), signal));
    const esp = sessionsByNode(await session.flowCount(showFlowCount('esp'), signal));
    // A filtered count has no state of its own: on the other node of a cluster it counts backup copies.
    const here = owned.kind === 'unclear' ? undefined : ah.get(owned.node);
    return [
      ...perNode(sessionsByNode(usages), (node, value) => sample(flowSessions, { node }, value)),
      ...perNode(limitsByNode(usages), (node, value) => sample(flowSessionsLimit, { node }, value)),
      ...usages.flatMap(ofSpu),
      ...perNode(ah, (node, value) => sample(flowProtocolSessions, { node, protocol: 'ah' }, value)),
      ...perNode(esp, (node, value) => sample(flowProtocolSessions, { node, protocol: 'esp' }, value)),
      sample(ahThreshold, { scope: 'total' }, session.thresholds.min_total_sessions),
      sample(ahThreshold, { scope: 'peer' }, session.thresholds.min_peer_sessions),
      ...(here === undefined ? [] : [sample(ahSessions, {}, here)]),
    ];
  },
};

function perNode(
  values: ReadonlyMap<string | undefined, number>,
  make: (node: string, value: number) => Sample,
): readonly Sample[] {
  return [...values].map(([node, value]) => make(node ?? STANDALONE, value));
}

function ofSpu({ node, spu, sessions, limit }: FlowUsage): readonly Sample[] {
  if (!spu) return [];
  const labels = { node: node ?? STANDALONE, ...spu };
  return [
    ...(sessions === undefined ? [] : [sample(flowSpuSessions, labels, sessions)]),
    ...(limit === undefined ? [] : [sample(flowSpuSessionsLimit, labels, limit)]),
  ];
}
