/** The many fields of HA replies that say nothing about health: constants, in the vendor's spelling (PA-5250). */
import type { HaSettings } from '../state/high-availability.ts';
import { hasNewHaTags, type Platform } from '../state/platform.ts';
import { element, fields, type Xml, type XmlFields } from '../xml.ts';

const CONTENT: XmlFields = {
  'app-version': '9035-9736',
  'av-version': '3967-4478',
  'gpclient-version': '5.2.9',
  'threat-version': '9035-9736',
  'url-version': '20220119.20242',
  'vpnclient-version': 'Not Installed',
  'vm-license-type': 'Not Installed',
};

/** Versions and addresses that both `local-info` and `peer-info` carry. `end` is 1 for one member, 2 for the other. */
export function commonDetails(platform: Platform, ha: HaSettings, end: number): XmlFields {
  const hasBackup = ha.links.has('ha1-backup');
  return {
    ...CONTENT,
    'build-rel': platform.version,
    'platform-model': platform.model,
    'ha1-ipaddr': `192.168.255.${end}`,
    'ha1-macaddr': `02:00:5e:20:01:0${end}`,
    'ha1-backup-ipaddr': hasBackup ? `192.168.253.${end}` : undefined,
    'ha1-backup-macaddr': hasBackup ? `02:00:5e:20:03:0${end}` : undefined,
    'ha2-ipaddr': `192.168.254.${end}`,
    'ha2-macaddr': `02:00:5e:20:02:0${end}`,
    version: 1,
    'mgmt-ipv6': '',
    mode: modeName(ha),
  };
}

/** Timers, ports and compatibility, which only `local-info` carries. */
export function localDetails(ha: HaSettings): XmlFields {
  const match = ['app', 'av', 'build', 'gpclient', 'threat', 'url', 'vm-license', 'vpnclient'];
  return {
    ...Object.fromEntries(match.map(name => [`${name}-compat`, ha.mismatched.includes(name) ? 'Mismatch' : 'Match'])),
    'active-passive':
      ha.mode === 'active-passive' ? fields({ 'passive-link-state': 'auto', 'monitor-fail-holddown': 1 }) : undefined,
    'ha1-port': 'ha1-a',
    'ha1-backup-port': ha.links.has('ha1-backup') ? 'ha1-b' : undefined,
    'ha2-port': 'hsci',
    'ha2-keep-alive': ha.keepAlive ? 'yes' : undefined,
    'ha2-ka-thresh': ha.keepAlive ? 10_000 : undefined,
    'ha2-backup-port': ha.links.has('ha2-backup') ? 'ethernet1/2' : undefined,
    'ha1-encrypt-enable': 'no',
    'ha1-encrypt-imported': 'no',
    'ha1-link-mon-intv': 3_000,
    'addon-master-holdup': 500,
    'heartbeat-interval': 1_000,
    'hello-interval': 8_000,
    'max-flaps': 3,
    'monitor-fail-holdup': 0,
    'nonfunc-flap-cnt': 0,
    'preempt-flap-cnt': 0,
    'preempt-hold': 1,
    'promotion-hold': 2_000,
    'state-sync-type': 'ethernet',
  };
}

export function modeName(ha: HaSettings): string {
  return ha.mode === 'active-passive' ? 'Active-Passive' : 'Active-Active';
}

export function linkMonitoring(platform: Platform): Xml[] {
  const failure = failureTag(platform);
  const group = fields({ interface: '', [failure]: 'any', enabled: 'no', name: 'Monitor' });
  return fields({ [failure]: 'any', enabled: 'no', groups: [element('entry', ...group)] });
}

export function pathMonitoring(platform: Platform): Xml[] {
  const [wire, router] = hasNewHaTags(platform) ? ['virtual-wire', 'virtual-router'] : ['vwire', 'vrouter'];
  return fields({ [wire]: '', [failureTag(platform)]: 'any', vlan: '', enabled: 'no', [router]: '' });
}

function failureTag(platform: Platform): string {
  return hasNewHaTags(platform) ? 'failure-condition' : 'fail-cond';
}
