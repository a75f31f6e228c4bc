/** `show system info`, `show clock`, `type=version`. Element order and the line break in `time` as on a PA-460. */
import { type Call, type Command, reads } from '../command.ts';
import { type Reply, success } from '../replies.ts';
import { clockLine, ctime, uptime } from '../state/local-time.ts';
import type { Platform } from '../state/platform.ts';
import { element, elementWith, fields } from '../xml.ts';

export const systemCommands: readonly Command[] = [
  { type: 'version', changes: false, answer: call => ({ reply: version(call) }) },
  reads('show system info', systemInfo),
  reads('show clock', ({ state }) => success(`${clockLine(state.now(), state.platform.timeZone)}\n`)),
  reads('show clock more', dataplaneClock),
];

function version({ member, state }: Call): Reply {
  const { version, model } = state.platform;
  return success(
    ...fields({ 'sw-version': version, 'multi-vsys': multiVsys(state.platform), model, serial: member.serial }),
  );
}

function systemInfo({ member, state }: Call): Reply {
  const { platform } = state;
  const system = fields({
    hostname: member.name,
    'ip-address': member.managementAddress,
    'public-ip-address': 'unknown',
    netmask: '255.255.255.0',
    'default-gateway': '192.0.2.254',
    'is-dhcp': 'no',
    'ipv6-address': 'unknown',
    'ipv6-link-local-address': 'unknown',
    'mac-address': '02:00:5e:10:00:01',
    time: `${ctime(state.now(), platform.timeZone)}\n`,
    uptime: uptime(state.now() - member.bootedAt),
    devicename: member.name,
    family: platform.family,
    model: platform.model,
    serial: member.serial,
    base_mac: '02:00:5e:10:00:00',
    mac_count: 254,
    'cloud-mode': platform.virtual ? 'cloud' : 'non-cloud',
    'sw-version': platform.version,
    'global-protect-client-package-version': '0.0.0',
    'device-dictionary-version': '1-211',
    'app-version': '9035-9736',
    'app-release-date': '2025/10/29 17:23:43 PDT',
    'av-version': 0,
    'threat-version': 0,
    'threat-release-date': '2025/10/29 17:23:43 PDT',
    'wf-private-version': 0,
    'wf-private-release-date': 'unknown',
    'url-db': 'paloaltonetworks',
    'wildfire-version': 0,
    'wildfire-rt': 'Disabled',
    'url-filtering-version': '0000.00.00.000',
    'global-protect-datafile-version': 'unknown',
    'global-protect-datafile-release-date': 'unknown',
    'global-protect-clientless-vpn-version': 0,
    'logdb-version': `${platform.version.split('.').slice(0, 2).join('.')}.0`,
    plugin_versions: [elementWith('entry', { name: 'dlp', version: '4.0.2' }, element('pkginfo', 'dlp-4.0.2'))],
    'platform-family': platform.family,
    'vpn-disable-mode': 'off',
    'multi-vsys': multiVsys(platform),
    ZTP: 'Disabled',
    'operational-mode': 'normal',
    'advanced-routing': Number(platform.version.split('.')[0]) >= 11 ? 'off' : undefined,
    'device-certificate-status': 'None',
  });
  return success(element('system', ...system));
}

function multiVsys(platform: Platform): string {
  return platform.systems.length > 1 ? 'on' : 'off';
}

function dataplaneClock({ member, state }: Call): Reply {
  const time = clockLine(state.now(), state.platform.timeZone);
  const lines = member.dataplanes.map(dataplane => `DP ${dataplane.name}:\n\ndataplane time: ${time}\n`);
  return success(element('member', lines.join('\n\n\n')));
}
