/** `show high-availability state` and `all`. Names as recorded, `conn-ka-enbled` included. */
import { type Call, type Command, reads } from '../command.ts';
import { type Reply, success } from '../replies.ts';
import type { HaLink, HaSettings } from '../state/high-availability.ts';
import type { Member } from '../state/member.ts';
import { hasNewHaTags, type Platform } from '../state/platform.ts';
import type { PanosState } from '../state/state.ts';
import { element, fields, type Xml } from '../xml.ts';

export const highAvailabilityCommands: readonly Command[] = [
  reads('show high-availability state', haState),
  reads('show high-availability all', haState),
];

function haState({ member, state }: Call): Reply {
  const peer = state.peerOf(member);
  const { ha } = state;
  if (!ha || !peer) {
    return success(element('enabled', 'no'), element('local-info', element('encrypt-imported', 'no')));
  }
  const group = fields({
    mode: modeName(ha),
    'local-info': localInfo(state, member, ha),
    'peer-info': peerInfo(state, peer, ha),
    'link-monitoring': linkMonitoring(state.platform),
    'path-monitoring': pathMonitoring(state.platform),
    'running-sync': ha.configSync,
    'running-sync-enabled': 'yes',
  });
  return success(element('enabled', 'yes'), element('group', ...group));
}

function localInfo(state: PanosState, member: Member, ha: HaSettings): Xml[] {
  return fields({
    'url-compat': 'Match',
    'app-version': '9035-9736',
    'build-rel': state.platform.version,
    'ha2-port': 'hsci',
    'active-passive':
      ha.mode === 'active-passive' ? fields({ 'passive-link-state': 'auto', 'monitor-fail-holddown': 1 }) : undefined,
    'platform-model': state.platform.model,
    'av-compat': 'Match',
    'monitor-fail-holdup': 0,
    priority: priorityOf(state, member),
    'preempt-hold': 1,
    state: member.haState ?? 'unknown',
    version: 1,
    'promotion-hold': 2_000,
    'threat-compat': 'Match',
    'state-sync': ha.stateSync,
    'addon-master-holdup': 500,
    'heartbeat-interval': 1_000,
    'hello-interval': 8_000,
    'ha1-port': 'ha1-a',
    'ha1-encrypt-imported': 'no',
    'mgmt-ip': `${member.managementAddress}/24`,
    'ha1-backup-port': ha.links.has('ha1-backup') ? 'ha1-b' : undefined,
    'preempt-flap-cnt': 0,
    'nonfunc-flap-cnt': 0,
    'state-duration': secondsSince(state, member),
    'max-flaps': 3,
    'ha1-encrypt-enable': 'no',
    'mgmt-ipv6': '',
    'state-sync-type': 'ethernet',
    preemptive: ha.preemptive ? 'yes' : 'no',
    mode: modeName(ha),
    'build-compat': 'Match',
    'app-compat': 'Match',
  });
}

function peerInfo(state: PanosState, peer: Member, ha: HaSettings): Xml[] {
  const reachable = [...ha.links].some(([name, link]) => name.startsWith('ha1') && link.up);
  const links = Object.fromEntries([...ha.links].map(([name, link]) => [`conn-${name}`, linkFields(name, link)]));
  return fields({
    'app-version': '9035-9736',
    'platform-model': state.platform.model,
    priority: priorityOf(state, peer),
    state: reachable ? (peer.haState ?? 'unknown') : 'unknown',
    version: 1,
    'last-error-reason': 'Link down',
    'build-rel': state.platform.version,
    'conn-status': reachable ? 'up' : 'down',
    'mgmt-ip': `${peer.managementAddress}/24`,
    ...links,
    'state-duration': secondsSince(state, peer),
    'mgmt-ipv6': '',
    // History, not the current state: a member that is well keeps it.
    'last-error-state': 'non-functional',
    preemptive: ha.preemptive ? 'yes' : 'no',
    mode: modeName(ha),
  });
}

function linkFields(name: string, link: HaLink): Xml[] {
  return fields({
    'conn-status': link.up ? 'up' : 'down',
    'conn-ka-enbled': name.startsWith('ha2') ? 'no' : undefined,
    'conn-primary': link.primary ? 'yes' : undefined,
    'conn-desc': link.description,
  });
}

function linkMonitoring(platform: Platform): Xml[] {
  return fields({ [failureTag(platform)]: 'any', enabled: 'no', groups: '' });
}

function pathMonitoring(platform: Platform): Xml[] {
  const [wire, router] = hasNewHaTags(platform) ? ['virtual-wire', 'virtual-router'] : ['vwire', 'vrouter'];
  return fields({ [wire]: '', [failureTag(platform)]: 'any', vlan: '', enabled: 'no', [router]: '' });
}

function failureTag(platform: Platform): string {
  return hasNewHaTags(platform) ? 'failure-condition' : 'fail-cond';
}

function modeName(ha: HaSettings): string {
  return ha.mode === 'active-passive' ? 'Active-Passive' : 'Active-Active';
}

function priorityOf(state: PanosState, member: Member): number {
  return 100 + 10 * state.members.indexOf(member);
}

function secondsSince(state: PanosState, member: Member): number {
  return Math.max(0, Math.floor((state.now() - member.haSince) / 1_000));
}
