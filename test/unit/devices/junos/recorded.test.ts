import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readClear } from '../../../../src/devices/junos/replies/clear.ts';
import { readCluster } from '../../../../src/devices/junos/replies/cluster.ts';
import { ReplyFault, ReplySurprise } from '../../../../src/devices/junos/replies/fault.ts';
import { readFlowListText } from '../../../../src/devices/junos/replies/flow-list-text.ts';
import { readFlowList } from '../../../../src/devices/junos/replies/flow-list.ts';
import { readFlowSummary } from '../../../../src/devices/junos/replies/flow-summary.ts';
import { FlowTally } from '../../../../src/devices/junos/replies/flow-tally.ts';
import { readIke } from '../../../../src/devices/junos/replies/ike.ts';
import { joinTables, readIpsec } from '../../../../src/devices/junos/replies/ipsec.ts';
import { descendants, readTree } from '../../../../src/devices/junos/replies/tree.ts';
import { EndOfMessageFraming } from '../../../../src/transport/netconf/framing.ts';
import { readHello } from '../../../../src/transport/netconf/hello.ts';
import { sharedDir, sharedMissing } from '../../../support/shared.ts';

const shared = sharedDir();
const folder = join(shared ?? '', 'device-outputs/junos');

/** Every recorded file, and what it must be read as. */
const EXPECTED: Readonly<Record<string, string>> = {
  'cluster/chassis-alarms.vsrx24.4.netconf.xml': 'other: multi-routing-engine-results (2 nodes)',
  'cluster/chassis-cluster-status.23.4R2.cli.xml':
    'cluster: 0 node0 primary node1 secondary, 1 node0 secondary node1 primary',
  'cluster/chassis-cluster-status.healthy.xml':
    'cluster: 0 node0 primary node1 secondary, 1 node0 primary node1 secondary',
  'cluster/chassis-cluster-status.node1-disabled.vsrx24.4.netconf.xml':
    'cluster: 0 node0 primary node1 disabled, 1 node0 primary node1 disabled',
  'cluster/chassis-cluster-status.node1-lost.12.1X44.xml': 'cluster: 0 node0 primary node1 lost',
  'cluster/chassis-cluster-status.node1-lost.with-cli-banner.12.1X44.xml': 'cluster: 0 node0 primary node1 lost',
  'cluster/chassis-cluster-status.node1-unreachable.HAND.xml': 'fault other: node unreachable',
  'cluster/chassis-cluster-status.not-configured-in-text.HAND.xml': 'cluster: 0 node0 primary node1 secondary',
  'cluster/show-chassis-cluster-interfaces.txt':
    'surprise: no XML but: Control link status: Up Control interfaces: Index Interface Monitore',
  'cluster/show-chassis-cluster-status.txt':
    'surprise: no XML but: Monitor Failure codes: CS Cold Sync monitoring FL Fabric Connection ',
  'cluster/show-version.srx1500.19.4R3.txt':
    'surprise: no XML but: node0: -------------------------------------------------------------',
  'cluster/software-information.srx5800.17.3.xml': 'other: multi-routing-engine-results (2 nodes)',
  'cluster/software-information.vsrx24.4.netconf.xml': 'other: multi-routing-engine-results (2 nodes)',
  'cluster/system-alarms.later.vsrx24.4.netconf.xml': 'other: multi-routing-engine-results (2 nodes)',
  'cluster/system-alarms.vsrx24.4.netconf.xml': 'other: multi-routing-engine-results (2 nodes)',
  'cluster/system-uptime.vsrx24.4.netconf.xml': 'other: multi-routing-engine-results (2 nodes)',
  'errors/bare-error-element.15.1F5.xml': 'fault other: Some error message.',
  'errors/cluster-not-enabled.bare-xnm-error.xml': 'fault not-configured: error: Chassis cluster is not enabled',
  'errors/cluster-not-enabled.xnm-error.12.3X48.xml': 'fault not-configured: error: Chassis cluster is not enabled',
  'errors/cluster-not-enabled.xnm-error.vsrx24.4.netconf.xml':
    'fault not-configured: error: Chassis cluster is not enabled',
  'errors/empty-rpc-reply.12.1X46.xml': 'surprise: an empty reply',
  'errors/ike-not-configured.xml': 'fault not-configured: error: IKE is not configured',
  'errors/ipsec-not-configured.xml': 'fault not-configured: error: IPSec is not configured',
  'errors/per-node-syntax-error.DOC.json.txt':
    'fault syntax: syntax error: the CLI echoed the command: {"multi-routing-engine-results": [{"multi-routing-engine-i',
  'errors/permission-denied.12.1X46.xml': 'fault permission: permission denied (get-permission-denied)',
  'errors/syntax-error.get-flow-session-summary-information.netconf.xml':
    'fault syntax: syntax error (get-flow-session-summary-information)',
  'errors/syntax-error.get-ike-active-peer-information.netconf.xml':
    'fault syntax: syntax error (get-ike-active-peer-information)',
  'errors/syntax-error.get-ike-active-peer.netconf.xml': 'fault syntax: syntax error (get-ike-active-peer)',
  'errors/syntax-error.get-ike-peer-information.netconf.xml': 'fault syntax: syntax error (get-ike-peer-information)',
  'errors/syntax-error.get-ike-peers-information.netconf.xml': 'fault syntax: syntax error (get-ike-peers-information)',
  'errors/syntax-error.get-ike-sa-detail-information.netconf.xml':
    'fault syntax: syntax error (get-ike-sa-detail-information)',
  'errors/syntax-error.get-ipsec-security-associations-information.netconf.xml':
    'fault syntax: syntax error (get-ipsec-security-associations-information)',
  'errors/two-rpc-errors-in-container.xml': 'fault syntax: syntax error (system1)',
  'errors/two-xnm-errors-in-container.12.1X46.xml': 'fault other: Only unit 0 is valid for this encapsulation',
  'errors/xnm-error-in-container.DOC.xml': 'fault other: device asdf not found',
  'flow/monitoring.15.1X49.fragment.DOC.xml': 'other: performance-summary-information',
  'flow/monitoring.srx5k-cluster.15.1X49.DOC.txt':
    'surprise: no XML but: node0: -------------------------------------------------------------',
  'flow/sessions.esp-anchor-and-spi.vsrx24.4.netconf.xml': '3 listed, 2 esp: 192.168.1.161 2 (1 anchor); SPI 9b27bae',
  'flow/sessions.esp.csrx.DOC.txt': '4 listed, 2 esp: 10.200.1.2 2 (1 anchor); SPI a55dcdc2',
  'flow/sessions.esp.mnha.DOC.txt': 'surprise: the list is not whole: it holds 3 sessions and says 11',
  'flow/summary.interface.DOC.xml': 'flow: 0 of ?',
  'flow/summary.protocol-tcp.request-and-reply.DOC.txt': 'flow: 128 of ?',
  'flow/summary.unfiltered.vsrx24.4.netconf.xml': 'flow: 3 of 524288',
  'ike-ipsec/config-security-ipsec.18.4R3.cli.xml': 'other: configuration',
  'ike-ipsec/ike-sa.brief.vsrx24.4.netconf.xml': 'ike: 192.168.1.161 up 9328a36431323306',
  'ike-ipsec/ike-sa.detail.empty.xml': 'ike: ',
  'ike-ipsec/ike-sa.detail.up.xml': 'ike: 192.168.1.161 up f8e88716124475b0',
  'ike-ipsec/ipsec-sa.brief.down.HAND.xml': 'tunnels: 131073 192.168.1.161 down',
  'ike-ipsec/ipsec-sa.brief.empty.xml': 'tunnels: ',
  'ike-ipsec/ipsec-sa.brief.matches-flow.vsrx24.4.netconf.xml': 'tunnels: 131073 192.168.1.161 up 9b27bae',
  'ike-ipsec/ipsec-sa.brief.multi-re-node0-only.18.4R3.cli.xml':
    'tunnels: 231076 1.1.1.1 up bb0d675a+f2f52201, 131074 2.2.2.2 up 9bb78e12+8a2f7ff3',
  'ike-ipsec/ipsec-sa.brief.single.18.4R3.cli.xml':
    'tunnels: 231076 1.1.1.1 up bb0d675a+f2f52201, 131074 2.2.2.2 up 9bb78e12+8a2f7ff3',
  'ike-ipsec/ipsec-sa.brief.up.second-capture.xml': 'tunnels: 131073 192.168.1.161 up 4ef526a8',
  'ike-ipsec/ipsec-statistics.vsrx24.4.netconf.xml': 'other: usp-ipsec-total-statistics-information',
  'netconf-sessions/vsrx24.4-cluster.routing-not-running.netconf.txt':
    'hello 1.0 | fault other: the routing subsystem is not running | fault other: the routing subsystem is not running | fault other: the routing subsystem is not running | other: multi-routing-engine-results (2 nodes) | other: ok',
  'netconf-sessions/vsrx24.4-cluster.status-and-statistics.netconf.txt':
    'hello 1.0 | cluster: 0 node0 primary node1 disabled, 1 node0 primary node1 disabled | other: chassis-cluster-interface-statistics | other: chassis-cluster-statistics | other: services-synchronized, icd-pkt-stats | other: multi-routing-engine-results (2 nodes) | other: chassis-cluster-statistics, services-synchronized, icd-pkt-stats | other: multi-routing-engine-results (2 nodes) | other: multi-routing-engine-results (2 nodes) | other: multi-routing-engine-results (2 nodes) | other: ok',
  'netconf-sessions/vsrx24.4-cluster.version-uptime-alarms-config.netconf.txt':
    'hello 1.0 | other: multi-routing-engine-results (2 nodes) | other: multi-routing-engine-results (2 nodes) | other: multi-routing-engine-results (2 nodes) | other: configuration | other: ok',
  'netconf-sessions/vsrx24.4-standalone.cluster-not-enabled.netconf.txt':
    'hello 1.0 | fault not-configured: error: Chassis cluster is not enabled | fault not-configured: error: Chassis cluster is not enabled | fault not-configured: error: Chassis cluster is not enabled | fault not-configured: error: HA is not enabled | fault not-configured: error: Chassis cluster is not enabled | fault not-configured: error: Chassis cluster is not enabled | other: software-information | other: alarm-information | other: alarm-information | other: ok',
  'netconf-sessions/vsrx24.4-standalone.idp-appid-errors.netconf.txt':
    'hello 1.0 | fault syntax: syntax error (get-idp-policy-version) | fault syntax: syntax error (get-idp-security-package-version) | fault syntax: syntax error (get-appid-status) | fault syntax: syntax error (get-appid-application-package-version) | other: ok',
  'netconf-sessions/vsrx24.4-standalone.idp-appid-mixed.netconf.txt':
    'hello 1.0 | other: idp-security-package-information | other: appid-package-version | fault syntax: syntax error (get-idp-policy-information) | fault other: "No policy template is present" | fault syntax: syntax error (get-idp-counters-information) | fault syntax: syntax error (get-appid-counter-information) | fault syntax: syntax error (get-application-information) | other: ok',
  'netconf-sessions/vsrx24.4-standalone.version-uptime-alarms-config.netconf.txt':
    'hello 1.0 | other: software-information | other: system-uptime-information | other: alarm-information | other: configuration | other: ok',
  'netconf-sessions/vsrx24.4-vpn.flow-and-interfaces.netconf.txt':
    'hello 1.0 | fault syntax: syntax error (get-flow-session-summary-information) | 3 listed, 2 esp: 192.168.1.161 2 (1 anchor); SPI 9b27bae | other: interface-information | fault syntax: syntax error (get-firewall-policer-information) | other: ok',
  'netconf-sessions/vsrx24.4-vpn.flow-summary-and-errors.netconf.txt':
    'hello 1.0 | fault syntax: syntax error (get-ike-active-peer-information) | fault syntax: syntax error (get-ike-peer-information) | flow: 3 of 524288 | fault syntax: syntax error (get-session-summary-information) | other: firewall-information | fault syntax: missing mandatory argument: countername (countername) | other: system-storage-information | other: ok',
  'netconf-sessions/vsrx24.4-vpn.ike-ipsec.netconf.txt':
    'hello 1.0 | ike: 192.168.1.161 up 9328a36431323306 | fault syntax: syntax error (get-ike-active-peer) | fault syntax: syntax error (get-ipsec-security-associations-information) | other: usp-ipsec-total-statistics-information | tunnels: 131073 192.168.1.161 up 9b27bae | other: ok',
  'netconf-sessions/vsrx24.4-vpn.one-error.netconf.txt':
    'hello 1.0 | fault syntax: syntax error (get-system-storage-information) | other: ok',
  'netconf-sessions/vsrx24.4-vpn.routing-output-text.netconf.txt':
    'hello 1.0 | other: route-summary-information | other: output | other: output | other: route-engine-information | other: ok',
  'netconf-sessions/vsrx24.4-vpn.version-uptime-alarms-config.netconf.txt':
    'hello 1.0 | other: software-information | other: system-uptime-information | other: alarm-information | other: configuration | other: ok',
  'netconf-sessions/vsrx24.4-vpn.wrong-ike-names.netconf.txt':
    'hello 1.0 | fault syntax: syntax error (get-ike-peers-information) | fault syntax: syntax error (get-active-peer-information) | fault syntax: syntax error (get-ike-sa-detail-information) | other: ok',
  'reconstructed/sessions.protocol-ah.RECONSTRUCTED.xml': '2 listed, 2 ah: 192.168.1.161 2 (1 anchor); SPI 9b27bae',
  'system/chassis-alarms.none.vsrx24.4-standalone.netconf.xml': 'other: alarm-information',
  'system/route-engine.srx-high-end.12.3X48.xml': 'other: route-engine-information',
  'system/show-system-information.vmx.19.2R1.txt':
    'surprise: no XML but: show system information Model: vmx Family: junos Junos: 19.2R1.8 Hos',
  'system/show-system-uptime.txt':
    'surprise: no XML but: Current time: 2021-08-31 08:48:11 MSK Time Source: NTP CLOCK System ',
  'system/software-information.vsrx24.4-standalone.netconf.xml': 'other: software-information',
  'system/software-information.vsrx24.4-vpn.netconf.xml': 'other: software-information',
  'system/system-alarms.earlier.vsrx24.4-standalone.netconf.xml': 'other: alarm-information',
  'system/system-alarms.vsrx24.4-standalone.netconf.xml': 'other: alarm-information',
  'system/system-alarms.vsrx24.4-vpn.netconf.xml': 'other: alarm-information',
  'system/system-uptime.vsrx24.4-standalone.netconf.xml': 'other: system-uptime-information',
  'system/system-uptime.vsrx24.4-vpn.netconf.xml': 'other: system-uptime-information',
  'yang/junos-es-24.4R1.security-and-clear-rpcs.excerpt.yang.txt': 'surprise: no <rpc-reply> within 64 KiB',
};

function filesIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesIn(join(path, entry.name)).map(name => `${entry.name}/${name}`) : [entry.name],
  );
}

/** In pieces of a size that cuts tags, so that nothing hangs on where a packet ends. */
async function* pieces(text: Buffer, size = 100): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
}

/** Some authors cut the envelope off: it is put around again. Errors may stand as a root by themselves. */
function enveloped(text: Buffer): Buffer {
  const plain = text.toString('utf8').replace(/^\uFEFF/, '');
  if (/<(?:[\w-]+:)?(?:rpc-reply|rpc-error|error)[\s>]/.test(plain.slice(0, 400))) return text;
  return Buffer.from(`<rpc-reply>${plain}</rpc-reply>`);
}

async function list(text: Buffer, protocol: 'ah' | 'esp', form: 'xml' | 'text'): Promise<string> {
  const tally = new FlowTally(protocol);
  const read = form === 'xml' ? readFlowList : readFlowListText;
  const { listed } = await read(pieces(text), tally);
  const peers = [...tally.peers].map(({ peer, sessions, anchors }) => `${peer} ${sessions} (${anchors} anchor)`);
  const spis = [...tally.spis.shards()].flatMap(shard => [...shard].map(([, spi]) => spi.toString(16)));
  return `${listed} listed, ${tally.sessions} ${protocol}: ${peers.join(', ')}; SPI ${spis.join(', ')}`;
}

async function read(text: Buffer): Promise<string> {
  const content = text.toString('utf8');
  if (/<flow-session[\s>]/.test(content)) return list(text, content.includes('>\nah\n<') ? 'ah' : 'esp', 'xml');
  if (content.includes('<ipsec-security-associations-information')) {
    const { tunnels } = joinTables([await readIpsec(pieces(text))]);
    return `tunnels: ${[...tunnels.values()].map(({ index, peer, up, inboundSpis }) => `${index} ${peer} ${up ? 'up' : 'down'} ${[...inboundSpis].map(spi => spi.toString(16)).join('+')}`.trim()).join(', ')}`;
  }
  const root = await readTree(pieces(text));
  if (content.includes('<ike-security-associations-information')) {
    return `ike: ${readIke(root)
      .map(({ peer, up, initiatorCookie }) => `${peer} ${up ? 'up' : 'down'} ${initiatorCookie}`)
      .join(', ')}`;
  }
  if (content.includes('displayed-session-count') || content.includes('flow-session-summary-information')) {
    return `flow: ${readFlowSummary(root)
      .map(({ sessions, limit }) => `${sessions ?? '?'} of ${limit ?? '?'}`)
      .join(', ')}`;
  }
  if (content.includes('<chassis-cluster-status')) {
    return `cluster: ${readCluster(root)
      .map(group => `${group.id} ${group.nodes.map(({ node, state }) => `${node} ${state}`).join(' ')}`)
      .join(', ')}`;
  }
  const items = [...descendants(root, 'multi-routing-engine-item')].length;
  return `other: ${root.children.map(({ name }) => name).join(', ')}${items > 0 ? ` (${items} nodes)` : ''}`;
}

async function session(text: Buffer): Promise<string> {
  const framing = new EndOfMessageFraming();
  const messages: string[] = [];
  let message = Buffer.alloc(0);
  for await (const piece of pieces(text, 7)) {
    for (const frame of framing.push(piece)) {
      if (frame !== 'end') {
        message = Buffer.concat([message, frame]);
        continue;
      }
      const hello = readHello(message.toString('utf8'));
      messages.push(hello ? `hello ${hello.chunked ? '1.1' : '1.0'}` : await outcome(() => read(message)));
      message = Buffer.alloc(0);
    }
  }
  return messages.join(' | ');
}

async function outcome(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReplyFault) return `fault ${error.kind}: ${error.message.slice(0, 100)}`;
    if (error instanceof ReplySurprise) return `surprise: ${error.message.slice(0, 80)}`;
    throw error;
  }
}

function readFile(name: string): Promise<string> {
  const text = readFileSync(join(folder, name));
  if (name.startsWith('netconf-sessions/')) return outcome(() => session(text));
  if (/^flow\/sessions.*\.txt$/.test(name)) return outcome(() => list(text, 'esp', 'text'));
  if (name.includes('request-and-reply')) return outcome(() => read(text.subarray(text.lastIndexOf('root@srx>'))));
  return outcome(() => read(name.endsWith('.txt') ? text : enveloped(text)));
}

test(
  'every recorded Junos output is read as it should be',
  { skip: shared === undefined && sharedMissing },
  async () => {
    const found: Record<string, string> = {};
    for (const name of filesIn(folder).sort()) if (name !== 'README.md') found[name] = await readFile(name);
    assert.deepEqual(found, EXPECTED);
  },
);

test(
  'no recorded error passes for a clear that was accepted',
  { skip: shared === undefined && sharedMissing },
  async () => {
    for (const name of filesIn(join(folder, 'errors'))) {
      const text = readFileSync(join(folder, 'errors', name));
      if (name.startsWith('empty-rpc-reply')) await readClear(pieces(text));
      else await assert.rejects(readClear(pieces(text)), { name: /^Reply(Fault|Surprise)$/ }, name);
    }
  },
);
