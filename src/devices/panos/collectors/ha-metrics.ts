import type { Metric } from '../../../core/sample.ts';

/** The metrics of the collector `ha`. */
export const haMetrics = {
  enabled: perMember('panos_ha_enabled', '1 when high availability is on at the member, 0 when it is off.'),
  mode: perMember('panos_ha_mode', '1 for the mode of the pair, 0 for the other.', 'mode'),
  state: perMember(
    'panos_ha_state',
    '1 for the state that the member is in, 0 for every other; unknown stands for a state that is not known.',
    'state',
  ),
  peerState: perMember(
    'panos_ha_peer_state',
    '1 for the state in which the member sees its peer, 0 for every other.',
    'state',
  ),
  peerConnected: perMember('panos_ha_peer_connected', '1 when the member is connected with its peer.'),
  linkUp: perMember(
    'panos_ha_link_up',
    '1 when the HA link is up, as the member sees it. A link that is not configured has no sample.',
    'link',
  ),
  configSynchronized: {
    name: 'panos_ha_config_synchronized',
    help: '1 when every member that says anything says that the running configuration is the same on both.',
    kind: 'gauge',
    labels: [],
  },
  stateSynchronized: perMember(
    'panos_ha_state_synchronized',
    '1 when sessions and other run time state are synchronized. Absent where that is switched off.',
  ),
  versionMatch: perMember(
    'panos_ha_version_match',
    '1 when this part of software or content is the same on the peer.',
    'part',
  ),
  preemptive: perMember('panos_ha_preemptive', '1 when the member takes the active part back by itself.'),
  priority: perMember('panos_ha_priority', 'Device priority of the member; the lower one is preferred.'),
  lastStateChange: perMember(
    'panos_ha_last_state_change_timestamp_seconds',
    'When the member came into its present state, which for the active one is the last failover. To about a second.',
  ),
  monitoredInterfaceUp: perMember(
    'panos_ha_monitored_interface_up',
    '1 when an interface is up that link monitoring of HA watches.',
    'interface',
  ),
  floatingAddressActive: perMember(
    'panos_ha_floating_address_active',
    '1 when the member of an active/active pair has this floating address now.',
    'address',
  ),
} as const satisfies Readonly<Record<string, Metric>>;

function perMember(name: string, help: string, ...labels: readonly string[]): Metric {
  return { name, help, kind: 'gauge', labels: ['member', ...labels] };
}
