import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surveyAh } from '../../../../src/devices/junos/ah-survey.ts';
import { ah } from '../../../../src/devices/junos/collectors/ah.ts';
import { cluster } from '../../../../src/devices/junos/collectors/cluster.ts';
import { flow } from '../../../../src/devices/junos/collectors/flow.ts';
import { ipsec } from '../../../../src/devices/junos/collectors/ipsec.ts';
import type { FaultOrder } from '../../../../src/simulators/junos/faults.ts';
import { FORMS } from '../../../../src/simulators/junos/srx.ts';
import { fastClock, junosBench, never } from '../../../support/junos.ts';

const SCHEMES = ['ssh', 'netconf'] as const;

for (const form of FORMS) {
  for (const release of ['old', 'new'] as const) {
    for (const scheme of SCHEMES) {
      for (const listing of ['xml', 'text'] as const) {
        test(`AH sessions by peer: ${form}, ${release} release, ${scheme}, ${listing}`, async () => {
          const bench = await junosBench({
            form,
            release,
            scheme,
            entry: { ah: { listing } },
            chunked: release === 'new',
          });
          try {
            const [worst] = bench.sim.srx.peers;
            if (worst?.tunnels[0]) worst.tunnels[0].stale = 700;
            const survey = await surveyAh(bench.session, never);
            assert.equal(survey.sessions, bench.sim.srx.sessions);
            assert.equal(survey.peers.length, 20);
            assert.deepEqual(
              survey.peers.slice(0, 2).map(({ sessions, living, orphans, expected, tunnels }) => ({
                sessions,
                living,
                orphans,
                expected,
                tunnels: tunnels.length,
              })),
              [
                { sessions: 706, living: 3, orphans: 700, expected: 6, tunnels: 3 },
                { sessions: 6, living: 3, orphans: 0, expected: 6, tunnels: 3 },
              ],
            );
            assert.equal(bench.sim.connections().opened, 1);
          } finally {
            await bench.close();
          }
        });
      }
    }
  }
}

test('every collector gives its samples over one connection, and only its own metrics', async () => {
  const bench = await junosBench({ form: 'cluster' });
  try {
    for (const collector of [flow, ah, ipsec, cluster]) {
      const samples = await collector.collect(bench.session, never);
      assert.ok(samples.length > 0, collector.name);
      for (const found of samples) {
        assert.ok(collector.metrics.includes(found.metric), found.metric.name);
        assert.deepEqual(Object.keys(found.labels).sort(), [...found.metric.labels].sort());
      }
    }
    assert.deepEqual(bench.sim.connections(), { opened: 1, open: 1 });
    assert.deepEqual(bench.sim.changes(), []);
  } finally {
    await bench.close();
  }
});

test('in a cluster AH sessions are those of the owner, and flow sessions stand by node', async () => {
  const bench = await junosBench({ form: 'cluster' });
  try {
    bench.sim.srx.owner = 1;
    const samples = await flow.collect(bench.session, never);
    const value = (name: string, node?: string) =>
      samples.filter(({ metric, labels }) => metric.name === name && labels['node'] === node).map(found => found.value);
    assert.deepEqual(value('junos_ah_sessions'), [120]);
    assert.deepEqual(value('junos_flow_sessions', 'node0'), [157]);
    assert.deepEqual(value('junos_flow_sessions_limit', 'node1'), [524_288]);
    bench.sim.srx.secondary = 'secondary-hold';
    assert.deepEqual(
      (await flow.collect(bench.session, never)).filter(({ metric }) => metric.name === 'junos_ah_sessions'),
      [],
    );
  } finally {
    await bench.close();
  }
});

test('with several SPUs each gives its samples, and the device their sum', async () => {
  const bench = await junosBench({ form: 'multi-spu' });
  try {
    const samples = await flow.collect(bench.session, never);
    const spus = samples
      .filter(({ metric }) => metric.name === 'junos_flow_spu_sessions')
      .map(({ labels, value }) => [labels['pic'], value]);
    assert.deepEqual(spus, [
      ['1', 0],
      ['2', 78],
      ['3', 79],
    ]);
    assert.deepEqual(
      samples.filter(({ metric }) => metric.name === 'junos_flow_sessions').map(({ value }) => value),
      [157],
    );
  } finally {
    await bench.close();
  }
});

test('where no SPI matches a living SA, counts are given and orphans are not', async () => {
  const bench = await junosBench({ peers: 1, tunnelsEach: 1 });
  try {
    const tunnel = bench.sim.srx.peers[0]?.tunnels[0] ?? assert.fail();
    tunnel.stale = 30;
    tunnel.upAt = Infinity;
    const names = (await ah.collect(bench.session, never)).map(({ metric }) => metric.name);
    assert.ok(names.includes('junos_ah_peer_sessions'));
    assert.ok(!names.includes('junos_ah_peer_orphan_sessions'));
  } finally {
    await bench.close();
  }
});

test('a rekey between the reads makes no orphan', async () => {
  const bench = await junosBench({ peers: 1, tunnelsEach: 1 });
  try {
    const tunnel = bench.sim.srx.peers[0]?.tunnels[0] ?? assert.fail();
    const { session } = bench;
    const ahFlows = session.ahFlows.bind(session);
    session.ahFlows = async signal => {
      const flows = await ahFlows(signal);
      tunnel.inboundSpi = bench.sim.srx.spi();
      return flows;
    };
    const [peer] = (await surveyAh(session, never)).peers;
    assert.deepEqual([peer?.living, peer?.orphans], [1, 0]);
  } finally {
    await bench.close();
  }
});

const LIST = 'show security flow session protocol ah';

/** Every bad day of the device, and what must be thrown for it: never a small number. */
const BAD_DAYS: readonly (readonly [fault: FaultOrder, expected: RegExp, name: string])[] = [
  [{ kind: 'syntax-error', command: LIST }, /the device answered: syntax error/, 'DeviceSurprise'],
  [{ kind: 'permission-denied', command: LIST }, /login class of this user lacks a permission/, 'DeviceRefused'],
  [{ kind: 'node-unreachable', command: LIST }, /node unreachable/, 'DeviceSurprise'],
  [{ kind: 'error-inside', command: LIST }, /device asdf not found/, 'DeviceSurprise'],
  [
    { kind: 'cut', command: LIST },
    /without an exit status|session ended before the end|cut off|with exit status/,
    'DeviceUnreachable',
  ],
  [{ kind: 'drop', command: LIST }, /without an exit status|session ended before the end/, 'DeviceUnreachable'],
  [{ kind: 'short', command: LIST }, /the list is not whole: it holds 119 sessions and says 120/, 'DeviceSurprise'],
  [{ kind: 'empty', command: LIST }, /an empty reply/, 'DeviceSurprise'],
  [{ kind: 'hang', command: LIST }, /no whole answer within 6m/, 'DeviceUnreachable'],
  [{ kind: 'refuse-channel', times: 'always' }, /the limit of sessions may be reached/, 'DeviceUnreachable'],
  [{ kind: 'refuse-login', times: 'always' }, /the login was not accepted \(private key\)/, 'DeviceRefused'],
];

for (const scheme of SCHEMES) {
  for (const [fault, message, name] of BAD_DAYS) {
    test(`over ${scheme}, ${fault.kind} is an error that says what happened, and the next day is good`, async () => {
      const bench = await junosBench({ scheme, sessionClock: fastClock(120) });
      try {
        bench.sim.fault(fault);
        await assert.rejects(surveyAh(bench.session, never), found => {
          assert.match(String(found), message);
          assert.equal((found as Error).name, name);
          assert.match(String(found), /^\w+: srx-vpn: /);
          return true;
        });
        bench.sim.clearFaults();
        const again = fault.kind === 'refuse-login' ? bench.reopen() : bench.session;
        await new Promise(resolve => setTimeout(resolve, 20));
        assert.equal((await surveyAh(again, never)).sessions, 120);
      } finally {
        await bench.close();
      }
    });
  }
}

test('syslog broadcasts in front of a reply are passed over', async () => {
  const bench = await junosBench();
  try {
    bench.sim.fault({ kind: 'noise', times: 'always' });
    assert.equal((await surveyAh(bench.session, never)).sessions, 120);
  } finally {
    await bench.close();
  }
});

test('NETCONF that is switched off is found behind the CLI', async () => {
  const bench = await junosBench({ scheme: 'netconf', netconf: 'cli-only' });
  try {
    assert.equal((await surveyAh(bench.session, never)).sessions, 120);
    assert.deepEqual([...new Set(bench.sim.log().map(({ via }) => via))], ['netconf']);
  } finally {
    await bench.close();
  }
});

test('a scrape does not wait for a list that takes long, and a remedy goes before a collector', async () => {
  const bench = await junosBench();
  try {
    bench.sim.fault({ kind: 'slow', ms: 600, command: LIST });
    const list = bench.session.ahFlows(never);
    const began = performance.now();
    await flow.collect(bench.session, never);
    assert.ok(performance.now() - began < 500, 'the scrape waited for the list');
    await list;
    bench.sim.clearLog();
    bench.sim.fault({ kind: 'slow', ms: 100 });
    const first = bench.session.cluster(never);
    const collector = bench.session.ike(never);
    const remedy = bench.session.at('remedy').flowSummary(never);
    await Promise.all([first, collector, remedy]);
    assert.deepEqual(
      bench.sim.log().map(({ command }) => command.split(' ')[2]),
      ['cluster', 'flow', 'ike'],
    );
  } finally {
    await bench.close();
  }
});

test('a broken connection is opened again, once', async () => {
  const bench = await junosBench();
  try {
    await bench.session.cluster(never);
    bench.sim.dropConnections();
    await new Promise(resolve => setTimeout(resolve, 50));
    await Promise.all([bench.session.cluster(never), bench.session.ike(never), bench.session.tunnels(never)]);
    assert.equal(bench.sim.connections().opened, 2);
  } finally {
    await bench.close();
  }
});

test('an asker that gives up ends its own channel and leaves the connection', async () => {
  const bench = await junosBench();
  try {
    await bench.session.cluster(never);
    bench.sim.fault({ kind: 'hang', command: 'show security ike' });
    await assert.rejects(bench.session.ike(AbortSignal.timeout(50)), { name: 'TimeoutError' });
    assert.equal((await bench.session.ike(never)).length, 20);
    assert.equal(bench.sim.connections().opened, 1);
  } finally {
    await bench.close();
  }
});
