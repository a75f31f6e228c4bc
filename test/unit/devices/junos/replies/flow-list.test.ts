import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFlowListText } from '../../../../../src/devices/junos/replies/flow-list-text.ts';
import { readFlowList } from '../../../../../src/devices/junos/replies/flow-list.ts';
import { FlowTally } from '../../../../../src/devices/junos/replies/flow-tally.ts';
import { SpiTable } from '../../../../../src/devices/junos/replies/spi-table.ts';

async function* once(text: string) {
  yield Buffer.from(text);
}

function flow(peer: string, spi = 0, protocol = 'ah', extra = '', wings = 1): string {
  const wing = (source: string, destination: string) =>
    `<flow-information><source-address>${source}</source-address><source-port>${spi >>> 16}</source-port><destination-address>${destination}</destination-address><destination-port>${spi & 0xffff}</destination-port><protocol>${protocol}</protocol></flow-information>`;
  return `<flow-session><session-identifier>249108372496</session-identifier>${extra}${wing(peer, '192.0.2.1')}${wings > 1 ? wing('192.0.2.9', peer) : ''}</flow-session>`;
}

function container(flows: readonly string[], count: number | undefined = flows.length): string {
  const shown = count < 0 ? '' : `<displayed-session-count>${count}</displayed-session-count>`;
  return `<flow-session-information>${flows.join('')}${shown}</flow-session-information>`;
}

async function read(content: string) {
  const tally = new FlowTally('ah');
  const listing = await readFlowList(once(`<rpc-reply>${content}</rpc-reply>`), tally);
  return { tally, listing };
}

test('sessions are counted by peer; the ports are the SPI, and 0/0 is the anchor', async () => {
  const { tally } = await read(container([flow('4.0.0.2'), flow('4.0.0.2', 0x9b27bae), flow('4.0.0.3', 0xffffffff)]));
  assert.deepEqual(
    [...tally.peers].map(({ peer, sessions, anchors }) => [peer, sessions, anchors]),
    [
      ['4.0.0.2', 2, 1],
      ['4.0.0.3', 1, 0],
    ],
  );
  assert.deepEqual(
    [...tally.spis.shards()].flatMap(shard => [...shard]).sort((a, b) => a[0] - b[0]),
    [
      [0, 0x9b27bae],
      [1, 0xffffffff],
    ],
  );
  assert.deepEqual([...tally.localGateways], ['192.0.2.1']);
});

test('copies of the other node, transit and other protocols are told apart', async () => {
  const backup = '<session-state>Backup</session-state>';
  const { tally } = await read(
    container([
      flow('4.0.0.2', 7, 'ah', backup),
      flow('4.0.0.2', 8),
      flow('4.0.0.4', 9, 'ah', '', 2),
      flow('4.0.0.5', 1, 'esp'),
    ]),
  );
  assert.deepEqual([tally.sessions, tally.backup, tally.transit, tally.peerCount], [2, 1, 1, 1]);
});

test('a session that several SPUs show is one SPI', async () => {
  const twice = container([flow('4.0.0.2', 7)]);
  const { tally, listing } = await read(twice + twice);
  assert.deepEqual([listing.listed, tally.sessions, tally.spis.size], [2, 2, 1]);
});

test('an IPv6 peer is a peer, in canonical text', async () => {
  const { tally } = await read(container([flow('2001:DB8:0::1', 7)]));
  assert.deepEqual(
    [...tally.peers].map(({ peer }) => peer),
    ['2001:db8::1'],
  );
});

for (const [what, content, message] of [
  ['fewer sessions than it says', container([flow('4.0.0.2')], 2), /holds 1 sessions and says 2/],
  ['more sessions than it says', container([flow('4.0.0.2'), flow('4.0.0.2', 1)], 1), /holds 2 sessions and says 1/],
  ['no number of sessions', container([flow('4.0.0.2')], -1), /says nothing/],
  ['an empty container only', '<flow-session-information></flow-session-information>', /says nowhere/],
  ['nothing', '', /empty reply/],
  ['a source address that is none', container([flow('4.0.0.256')]), /source address/],
  ['a port that is none', container([flow('4.0.0.2').replace('<source-port>0', '<source-port>N/A')]), /without ports/],
  [
    'an error after good data',
    container([flow('4.0.0.2'), '<xnm:error><message>device asdf not found</message></xnm:error>']),
    /asdf/,
  ],
] as const) {
  test(`a list with ${what} is no list`, async () => {
    await assert.rejects(read(content), message);
  });
}

test('an empty list is zero sessions, and says so', async () => {
  const { tally, listing } = await read(container([]));
  assert.deepEqual([listing.listed, tally.sessions], [0, 0]);
});

test('a warning beside the data is no error', async () => {
  const warning = '<rpc-error><error-severity>warning</error-severity><error-message>old</error-message></rpc-error>';
  assert.equal((await read(warning + container([flow('4.0.0.2')]))).tally.sessions, 1);
});

test('the text form counts the same, with nodes and SPUs', async () => {
  const line = (peer: string, ports: string, state = '') =>
    `Session ID: 1, Policy name: N/A,${state} Timeout: N/A, Session State: Valid\n  In: ${peer}/${ports.split(' ')[0] ?? ''} --> 192.0.2.1/${ports.split(' ')[1] ?? ''};ah, Conn Tag: 0x0, If: ge-0/0/0.0, Pkts: 0, Bytes: 0, \n\n`;
  const text = `node0:\n${'-'.repeat(74)}\nFlow Sessions on FPC0 PIC1:\n${line('4.0.0.2', '0 0', ' HA State: Active,')}${line('4.0.0.2', '2482 31662', ' HA State: Active,')}Total sessions: 2\n\nnode1:\n${line('4.0.0.2', '2482 31662', ' HA State: Backup,')}Total sessions: 1\n`;
  const tally = new FlowTally('ah');
  const listing = await readFlowListText(once(text), tally);
  assert.deepEqual(listing, { listed: 3, nodes: ['node0', 'node1'] });
  assert.deepEqual([tally.sessions, tally.backup, tally.spis.size], [2, 1, 1]);
  const cut = text.slice(0, text.lastIndexOf('Total'));
  await assert.rejects(readFlowListText(once(cut), new FlowTally('ah')), /its end, "Total sessions", did not come/);
  await assert.rejects(readFlowListText(once('error: permission denied: session\n'), new FlowTally('ah')), {
    kind: 'permission',
  });
  await assert.rejects(readFlowListText(once(''), new FlowTally('ah')), /not whole/);
});

test('the table of SPIs is a set of pairs', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2 ** 20 - 1), fc.oneof(fc.nat(5), fc.nat(0xffffffff))), { maxLength: 500 }),
      pairs => {
        const table = new SpiTable();
        const set = new Set<string>();
        for (const [peer, spi] of pairs) {
          assert.equal(table.add(peer, spi), !set.has(`${peer}/${spi}`));
          set.add(`${peer}/${spi}`);
        }
        const found = [...table.shards()].flatMap(shard => [...shard].map(([peer, spi]) => `${peer}/${spi}`));
        assert.deepEqual(found.sort(), [...set].sort());
        assert.equal(table.size, set.size);
      },
    ),
  );
});
