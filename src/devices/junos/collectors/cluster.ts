import { sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { clusterFailovers, clusterNodePriority, clusterNodeState } from '../metrics.ts';
import { NODE_STATES, type RedundancyGroup } from '../replies/cluster.ts';
import type { JunosSession } from '../session.ts';

/** The part of each node in each redundancy group. A standalone device has none, and gives no sample. */
export const cluster: Collector<JunosSession> = {
  name: 'cluster',
  cadence: 'scrape',
  metrics: [clusterNodeState, clusterNodePriority, clusterFailovers],
  collect: async (session, signal) => ((await session.cluster(signal)) ?? []).flatMap(ofGroup),
};

function ofGroup(redundancyGroup: RedundancyGroup) {
  const group = String(redundancyGroup.id);
  const { failovers, nodes } = redundancyGroup;
  return [
    ...(failovers === undefined ? [] : [sample(clusterFailovers, { group }, failovers)]),
    ...nodes.flatMap(({ node, state, priority }) => [
      ...NODE_STATES.map(name => sample(clusterNodeState, { group, node, state: name }, name === state ? 1 : 0)),
      ...(priority === undefined ? [] : [sample(clusterNodePriority, { group, node }, priority)]),
    ]),
  ];
}
