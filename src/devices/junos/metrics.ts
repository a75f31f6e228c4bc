import type { Metric } from '../../core/sample.ts';

/** The `node` label of a device that is no cluster. */
export const STANDALONE = 'standalone';

const PEERS = 100;

function gauge(name: string, help: string, labels: readonly string[], limit?: number): Metric {
  return { name, help, kind: 'gauge', labels, ...(limit === undefined ? {} : { limit }) };
}

export const flowSessions = gauge('junos_flow_sessions', 'Valid sessions in the flow table.', ['node']);
export const flowSessionsLimit = gauge('junos_flow_sessions_limit', 'Most sessions that the flow table can hold.', [
  'node',
]);
export const flowSpuSessions = gauge('junos_flow_spu_sessions', 'Valid sessions on one SPU, where there are several.', [
  'node',
  'fpc',
  'pic',
]);
export const flowSpuSessionsLimit = gauge('junos_flow_spu_sessions_limit', 'Most sessions that one SPU can hold.', [
  'node',
  'fpc',
  'pic',
]);
export const flowProtocolSessions = gauge(
  'junos_flow_protocol_sessions',
  'Sessions of one IP protocol, copies of the other node included.',
  ['node', 'protocol'],
);
export const ahSessions = gauge(
  'junos_ah_sessions',
  'AH sessions, on the node that owns the tunnels; backup copies are not counted.',
  [],
);
export const ahThreshold = gauge(
  'junos_ah_threshold_sessions',
  'AH sessions from which the remedy may act: of the whole device (total) and of one peer (peer), as configured.',
  ['scope'],
);
export const ahPeers = gauge('junos_ah_peers', 'Peers with at least one AH session of a tunnel that ends here.', []);
export const ahTransitSessions = gauge(
  'junos_ah_transit_sessions',
  'AH sessions that pass through: their tunnel ends elsewhere.',
  [],
);
export const ahPeerSessions = gauge('junos_ah_peer_sessions', 'AH sessions of one peer.', ['peer'], PEERS);
export const ahPeerExpected = gauge(
  'junos_ah_peer_expected_sessions',
  'Sessions that the tunnels of a peer account for: one anchor each, and one for each living inbound SA.',
  ['peer'],
  PEERS,
);
export const ahPeerOrphans = gauge(
  'junos_ah_peer_orphan_sessions',
  'AH sessions of one peer whose SPI belongs to no living SA; absent where SPIs cannot be told from the ports.',
  ['peer'],
  PEERS,
);
export const ipsecTunnels = gauge('junos_ipsec_tunnels', 'IPsec tunnels by state: up, or configured and down.', [
  'state',
]);
export const ikeSas = gauge('junos_ike_security_associations', 'IKE security associations by state.', ['state']);
export const clusterNodeState = gauge(
  'junos_cluster_node_state',
  '1 for the state in which a node is, 0 for the others.',
  ['group', 'node', 'state'],
);
export const clusterNodePriority = gauge('junos_cluster_node_priority', 'Priority of a node in a redundancy group.', [
  'group',
  'node',
]);
export const clusterFailovers: Metric = {
  name: 'junos_cluster_failovers_total',
  help: 'Failovers of a redundancy group since the cluster was formed or the counter was cleared.',
  kind: 'counter',
  labels: ['group'],
};
