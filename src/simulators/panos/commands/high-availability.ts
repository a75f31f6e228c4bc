/** `show high-availability state` and `all`. Names as recorded, `conn-ka-enbled` included. */
import { type Call, type Command, reads } from '../command.ts';
import { type Reply, success } from '../replies.ts';
import type { HaLink, HaSettings } from '../state/high-availability.ts';
import type { Member } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';
import { element, fields, type Xml } from '../xml.ts';
import { commonDetails, linkMonitoring, localDetails, modeName, pathMonitoring } from './high-availability-details.ts';

export const highAvailabilityCommands: readonly Command[] = [
  reads('show high-availability state', haState),
  reads('show high-availability all', haState),
];

function haState({ member, state }: Call): Reply {
  const peer = state.peerOf(member);
  const { ha, platform } = state;
  if (!ha || !peer) {
    return success(element('enabled', 'no'), element('local-info', element('encrypt-imported', 'no')));
  }
  const group = fields({
    mode: modeName(ha),
    'local-info': localInfo(state, member, ha),
    'peer-info': peerInfo(state, peer, ha),
    'link-monitoring': linkMonitoring(platform),
    'path-monitoring': pathMonitoring(platform),
    'running-sync': ha.configSync,
    'running-sync-enabled': 'yes',
  });
  return success(element('enabled', 'yes'), element('group', ...group));
}

function localInfo(state: PanosState, member: Member, ha: HaSettings): Xml[] {
  return fields({
    ...commonDetails(state.platform, ha, numberOf(state, member)),
    ...localDetails(ha),
    'mgmt-ip': `${member.managementAddress}/24`,
    preemptive: ha.preemptive ? 'yes' : 'no',
    priority: priorityOf(state, member),
    state: member.haState ?? 'unknown',
    'state-duration': secondsInState(state, member),
    'state-sync': ha.stateSync,
  });
}

function peerInfo(state: PanosState, peer: Member, ha: HaSettings): Xml[] {
  const alive = peer.downUntil === undefined;
  const reachable = alive && [...ha.links].some(([name, { up }]) => name.startsWith('ha1') && up);
  const links = [...ha.links].map(([name, link]) => {
    const seen = { ...link, up: link.up && alive };
    return [`conn-${name}`, linkFields(name, seen, ha.keepAlive)] as const;
  });
  return fields({
    ...commonDetails(state.platform, ha, numberOf(state, peer)),
    'conn-status': reachable ? 'up' : 'down',
    ...Object.fromEntries(links),
    // History, not the current state: a member that is well keeps both.
    'last-error-reason': 'Link down',
    'last-error-state': 'non-functional',
    'mgmt-ip': `${peer.managementAddress}/24`,
    preemptive: ha.preemptive ? 'yes' : 'no',
    priority: priorityOf(state, peer),
    state: reachable ? (peer.haState ?? 'unknown') : 'unknown',
    'state-duration': secondsInState(state, peer),
    'vm-license': '',
  });
}

// `conn-ka-enbled` is the vendor's own spelling.
function linkFields(name: string, link: HaLink, keepAlive: boolean): Xml[] {
  const keptAlive = keepAlive && name.startsWith('ha2');
  return fields({
    'conn-status': link.up ? 'up' : 'down',
    'conn-ka-enbled': name.startsWith('ha2') ? (keptAlive ? 'yes' : 'no') : undefined,
    'conn-primary': link.primary ? 'yes' : undefined,
    'conn-desc': keptAlive ? 'keep-alive status' : link.description,
    'conn-type': keptAlive ? 'log-only' : undefined,
    'conn-hold': keptAlive ? 10_000 : undefined,
  });
}

function numberOf(state: PanosState, member: Member): number {
  return state.members.indexOf(member) + 1;
}

function priorityOf(state: PanosState, member: Member): number {
  return 90 + 10 * numberOf(state, member);
}

function secondsInState(state: PanosState, member: Member): number {
  return Math.max(0, Math.floor((state.now() - member.haSince) / 1_000));
}
