import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import type { NotNeeded, OncePlan, Receipt } from '../../../../../src/core/action.ts';
import { planHash } from '../../../../../src/core/action.ts';
import { Refusal } from '../../../../../src/core/errors.ts';
import type { Target } from '../../../../../src/core/target.ts';
import { applyClear } from '../../../../../src/devices/junos/remedies/clear-ah-peers/apply.ts';
import { planClear } from '../../../../../src/devices/junos/remedies/clear-ah-peers/plan.ts';
import { recallClear } from '../../../../../src/devices/junos/remedies/clear-ah-peers/recall.ts';
import { verifyClear } from '../../../../../src/devices/junos/remedies/clear-ah-peers/verify.ts';
import type { JunosSession } from '../../../../../src/devices/junos/session.ts';
import { type BenchOptions, fastClock, type JunosBench, junosBench, never } from '../../../../support/junos.ts';

const AH = { min_total_sessions: 5_001, min_peer_sessions: 51, top_peers: 3 };
const DEVICE: Target = { kind: 'device' };

/** Twenty peers of three tunnels, and so many dead sessions on one tunnel of the first ones. */
async function piledUp(stale: readonly number[], options: BenchOptions = {}): Promise<JunosBench> {
  const bench = await junosBench({ ...options, entry: { ah: AH, ...options.entry } });
  stale.forEach((count, at) => {
    const tunnel = bench.sim.srx.peers[at]?.tunnels[0];
    if (tunnel) tunnel.stale = count;
  });
  return bench;
}

function plan(session: JunosSession, target: Target = DEVICE, orphans = 1): Promise<OncePlan | NotNeeded | Refusal> {
  return planClear(session, { target, labels: {}, options: { min_orphan_sessions: orphans } }, never);
}

async function planned(session: JunosSession, target: Target = DEVICE): Promise<OncePlan> {
  const found = await plan(session, target);
  if (found instanceof Refusal || found.kind !== 'once') assert.fail(JSON.stringify(found));
  return found;
}

async function carryOut(session: JunosSession, found: OncePlan): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const action of found.actions) receipts.push(await applyClear(session, action, never));
  return receipts;
}

for (const scheme of ['ssh', 'netconf'] as const) {
  test(`over ${scheme}: the worst peer is cleared, IKE first, then each index, and it comes back healthy`, async () => {
    const bench = await piledUp([6_000], { scheme });
    try {
      const found = await planned(bench.session);
      assert.deepEqual(
        found.actions.flatMap(({ calls }) => calls),
        [
          'clear security ike security-associations 10.0.0.1',
          'clear security ipsec security-associations index 67108865',
          'clear security ipsec security-associations index 67108866',
          'clear security ipsec security-associations index 67108867',
        ],
      );
      assert.match(
        found.actions[0]?.evidence.join('\n') ?? '',
        /6006 AH sessions; its 3 living tunnels account for 6\n6000 SPIs .* belong to no living SA/,
      );
      assert.deepEqual(bench.sim.changes(), [], 'a plan changes nothing');
      const receipts = await carryOut(bench.session, found);
      assert.deepEqual(
        bench.sim.changes().map(({ command, applied }) => [command, applied]),
        found.actions.map(({ calls }) => [calls[0], true]),
      );
      for (const { sent, via } of bench.sim.changes()) {
        if (via === 'netconf') assert.match(sent, /^<clear-[\w-]+><(peer-address|index)>[\d.]+<\/\1><\/clear-[\w-]+>$/);
      }
      const verdict = await verifyClear(bench.session, found, receipts, never);
      assert.deepEqual([verdict.proven, verdict.effect], [true, 'effective']);
      assert.match(verdict.detail, /10\.0\.0\.1: 6006 → 6 sessions, 3 → 3 tunnels up/);
      assert.equal(bench.sim.srx.sessions, 120);
    } finally {
      await bench.close();
    }
  });
}

test('a dry run prints the statements of the on-box script and sends none', async () => {
  const bench = await piledUp([6_000]);
  try {
    const found = await planned(bench.session);
    for (const action of found.actions) {
      const { session, calls } = bench.session.rehearse();
      await applyClear(session, action, never);
      assert.deepEqual(calls, action.calls);
    }
    assert.deepEqual(bench.sim.changes(), []);
    assert.deepEqual([...bench.memory], [], 'and leaves no trace');
  } finally {
    await bench.close();
  }
});

test('peers are ranked, at most top_peers are taken, and the rest is named', async () => {
  const bench = await piledUp([3_000, 100, 4_000, 200, 30]);
  try {
    const found = await planned(bench.session);
    assert.deepEqual(
      [...new Set(found.actions.map(({ touches }) => touches[0]?.value))],
      ['10.0.2.1', '10.0.0.1', '10.0.3.1'],
    );
    assert.deepEqual(found.passedOver, [{ subject: 'peer 10.0.1.1', reason: 'top_peers is 3' }]);
    assert.deepEqual(found.before[0], { name: 'AH sessions', value: 7_450, unit: 'sessions' });
  } finally {
    await bench.close();
  }
});

test('a target names the one peer', async () => {
  const bench = await piledUp([5_000, 500]);
  try {
    const found = await planned(bench.session, { kind: 'peer', value: '10.0.1.1' });
    assert.deepEqual([...new Set(found.actions.map(({ touches }) => touches[0]?.value))], ['10.0.1.1']);
    const healthy = await plan(bench.session, { kind: 'peer', value: '10.0.9.1' });
    assert.ok(!(healthy instanceof Refusal) && healthy.kind === 'not-needed');
    const unknown = await plan(bench.session, { kind: 'peer', value: '203.0.113.9' });
    assert.ok(!(unknown instanceof Refusal) && unknown.kind === 'not-needed');
  } finally {
    await bench.close();
  }
});

test('few sessions on the device, or for every peer: nothing to do, and the list is read only when there are many', async () => {
  const bench = await piledUp([1_000]);
  try {
    const few = await plan(bench.session);
    assert.ok(!(few instanceof Refusal) && few.kind === 'not-needed');
    assert.match(few.detail, /1120 AH sessions, and min_total_sessions is 5001/);
    assert.ok(!bench.sim.log().some(({ command }) => command.endsWith('protocol ah')), 'the list was not asked for');
    for (const peer of bench.sim.srx.peers) if (peer.tunnels[0]) peer.tunnels[0].stale = 0;
    bench.sim.srx.populate(1_000, 3);
    const spread = await plan(bench.session);
    assert.ok(!(spread instanceof Refusal) && spread.kind === 'not-needed');
    assert.match(spread.detail, /none of 1000 peers has 51 or more/);
  } finally {
    await bench.close();
  }
});

test('many sessions that all live are not cleared; by count alone only where that was asked for', async () => {
  const bench = await junosBench({ peers: 10, tunnelsEach: 300, entry: { ah: AH } });
  try {
    const refused = await plan(bench.session);
    assert.ok(refused instanceof Refusal);
    assert.match(refused.message, /peer 10\.0\.0\.1: 0 of its sessions have no living SA/);
    const byCount = await plan(bench.session, DEVICE, 0);
    assert.ok(!(byCount instanceof Refusal) && byCount.kind === 'once');
  } finally {
    await bench.close();
  }
});

test('a peer none of whose SPIs is alive proves nothing, and is left alone', async () => {
  const bench = await piledUp([6_000]);
  try {
    for (const tunnel of bench.sim.srx.peers[0]?.tunnels ?? []) tunnel.upAt = Infinity;
    const refused = await plan(bench.session);
    assert.ok(refused instanceof Refusal);
    assert.equal(refused.reason, 'unproven');
    assert.match(refused.message, /no SPI of its sessions belongs to a living SA/);
  } finally {
    await bench.close();
  }
});

test('an address of the device itself is never cleared', async () => {
  const bench = await piledUp([6_000]);
  try {
    Object.assign(bench.sim.srx, { localGateway: '10.0.0.1' });
    const refused = await plan(bench.session);
    assert.ok(refused instanceof Refusal);
    assert.match(refused.message, /it is an address of this device/);
  } finally {
    await bench.close();
  }
});

test('in a cluster the node that owns the tunnels is told, and copies are not counted', async () => {
  const bench = await piledUp([6_000], { form: 'cluster' });
  try {
    bench.sim.srx.owner = 1;
    const found = await planned(bench.session);
    assert.equal(found.before[0]?.value, 6_120);
    assert.ok(found.actions.every(({ calls }) => calls[0]?.endsWith(' node 1')));
    const receipts = await carryOut(bench.session, found);
    assert.equal((await verifyClear(bench.session, found, receipts, never)).effect, 'effective');
  } finally {
    await bench.close();
  }
});

for (const state of ['lost', 'disabled', 'hold', 'secondary-hold', 'ineligible']) {
  test(`a cluster with a node that is ${state} is left alone, before and between the calls`, async () => {
    const bench = await piledUp([6_000], { form: 'cluster' });
    try {
      const found = await planned(bench.session);
      bench.sim.srx.secondary = state;
      const refused = await plan(bench.session);
      assert.ok(refused instanceof Refusal);
      assert.equal(refused.reason, 'cluster-unclear');
      await assert.rejects(carryOut(bench.session, found), { name: 'Refusal', reason: 'cluster-changed' });
      assert.deepEqual(bench.sim.changes(), []);
    } finally {
      await bench.close();
    }
  });
}

test('right before a clear: an index that moved to another peer, is gone, or came back is not cleared', async () => {
  const bench = await piledUp([6_000]);
  try {
    const found = await planned(bench.session);
    const [ike, first, second, third] = found.actions;
    const { peers } = bench.sim.srx;
    assert.ok(ike && first && second && third && peers[0] && peers[1]);
    await applyClear(bench.session, ike, never);
    const [a, b, c] = peers[0].tunnels;
    assert.ok(a && b && c);
    Object.assign(a, { peer: peers[1] });
    await assert.rejects(applyClear(bench.session, first, never), { reason: 'index-moved' });
    peers[0].tunnels.splice(1, 1);
    await assert.rejects(applyClear(bench.session, second, never), { reason: 'sa-gone' });
    c.inboundSpi = bench.sim.srx.spi();
    await assert.rejects(applyClear(bench.session, third, never), { reason: 'sa-renewed' });
    assert.deepEqual(
      bench.sim.changes().map(({ command }) => command),
      ike.calls,
    );
  } finally {
    await bench.close();
  }
});

test('a peer whose sessions went by themselves is not cleared', async () => {
  const bench = await piledUp([6_000]);
  try {
    const found = await planned(bench.session);
    const tunnel = bench.sim.srx.peers[0]?.tunnels[0];
    if (tunnel) tunnel.stale = 0;
    await assert.rejects(carryOut(bench.session, found), { reason: 'trouble-gone' });
    assert.deepEqual(bench.sim.changes(), []);
  } finally {
    await bench.close();
  }
});

test('a plan keeps its hash over a rekey, so that an approval holds', async () => {
  const bench = await piledUp([6_000]);
  try {
    const before = planHash(await planned(bench.session));
    for (const tunnel of bench.sim.srx.peers[0]?.tunnels ?? []) bench.sim.srx.rekey(tunnel);
    assert.equal(planHash(await planned(bench.session)), before);
  } finally {
    await bench.close();
  }
});

test('after a crash between two calls the device tells which were done, and the IKE SA is not cleared twice', async () => {
  const bench = await piledUp([6_000]);
  try {
    const found = await planned(bench.session);
    const [ike, first, second] = found.actions;
    assert.ok(ike && first && second);
    assert.equal((await recallClear(bench.session, ike, never)).found, 'not-done', 'before anything was sent');
    await applyClear(bench.session, ike, never);
    const reopened = bench.reopen();
    const recalled = await recallClear(reopened, ike, never);
    assert.equal(recalled.found, 'done');
    assert.equal((await recallClear(reopened, first, never)).found, 'not-done');
    const rest = await planned(reopened);
    assert.deepEqual(
      rest.actions.map(({ calls }) => calls[0]),
      found.actions.slice(1).map(({ calls }) => calls[0]),
    );
    assert.match(JSON.stringify(rest.passedOver), /cleared a moment ago/);
    const receipts = await carryOut(reopened, rest);
    const verdict = await verifyClear(reopened, rest, [recalled.receipt, ...receipts], never);
    assert.deepEqual([verdict.proven, verdict.effect], [true, 'effective']);
    assert.equal(bench.sim.changes().filter(({ command }) => command.includes('ike')).length, 1);
  } finally {
    await bench.close();
  }
});

for (const scheme of ['ssh', 'netconf'] as const) {
  test(`over ${scheme}: an answer that is lost leaves the outcome open, and the device tells it`, async () => {
    const bench = await piledUp([6_000], { scheme });
    try {
      const found = await planned(bench.session);
      const [ike, first] = found.actions;
      assert.ok(ike && first);
      bench.sim.fault({ kind: 'lost-answer', command: 'clear security ike' });
      await assert.rejects(applyClear(bench.session, ike, never), { name: 'DeviceUnreachable', maybeDone: true });
      assert.equal((await recallClear(bench.session, ike, never)).found, 'done');
      bench.sim.fault({ kind: 'hang', command: 'clear security ipsec' });
      await assert.rejects(applyClear(bench.session, first, AbortSignal.timeout(200)), { name: 'TimeoutError' });
      assert.equal((await recallClear(bench.session, first, never)).found, 'not-done');
      assert.equal(bench.sim.changes().length, 2, 'nothing was sent again');
    } finally {
      await bench.close();
    }
  });
}

test('after a long outage nobody can tell, and that is what it says', async () => {
  const bench = await piledUp([6_000]);
  try {
    const [ike] = (await planned(bench.session)).actions;
    assert.ok(ike);
    await applyClear(bench.session, ike, never);
    for (const [key, trace] of bench.memory)
      bench.memory.set(key, { ...(trace as object), at: Date.now() - 3_600_000 });
    assert.equal((await recallClear(bench.session, ike, never)).found, 'unclear');
  } finally {
    await bench.close();
  }
});

test('a user without the permission to clear is told so', async () => {
  const bench = await piledUp([6_000], { permissions: 'view' });
  try {
    const found = await planned(bench.session);
    await assert.rejects(carryOut(bench.session, found), {
      name: 'DeviceRefused',
      why: 'role',
      message: /permission \(view to read, clear to clear\)/,
    });
    assert.ok(bench.sim.changes().every(({ applied }) => !applied));
  } finally {
    await bench.close();
  }
});

test('tunnels that stay down are harm; sessions that stay are no effect', async () => {
  for (const [habit, effect] of [
    [{ peersReturn: false }, 'harmful'],
    [{ ipsecClear: 'leaves-sessions' }, 'ineffective'],
  ] as const) {
    const bench = await piledUp([6_000], { sessionClock: fastClock(60) });
    try {
      Object.assign(bench.sim.srx.behaviour, habit);
      const found = await planned(bench.session);
      const receipts = await carryOut(bench.session, found);
      const verdict = await verifyClear(bench.session, found, receipts, never);
      assert.deepEqual([verdict.proven, verdict.effect], [true, effect]);
      assert.match(verdict.detail, /after 2m/);
    } finally {
      await bench.close();
    }
  }
});

test('the trail in syslog is that of the on-box script', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
  const lines: string[] = [];
  socket.on('message', line => lines.push(line.toString()));
  const bench = await piledUp([6_000], { entry: { ah: AH, syslog: `udp://127.0.0.1:${socket.address().port}` } });
  try {
    const found = await planned(bench.session);
    const [ike] = found.actions;
    if (ike) await applyClear(bench.session.rehearse().session, ike, never);
    await verifyClear(bench.session, found, await carryOut(bench.session, found), never);
    await new Promise(resolve => setTimeout(resolve, 50));
    assert.ok(
      lines.every(line => /^<134>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d srx-vpn top-ah-clear-sa\[\d+\]: /.test(line)),
      lines[0],
    );
    assert.deepEqual(
      lines.map(line => line.slice(line.indexOf(']: ') + 3)),
      [
        'starting flow session table scan.',
        'dry_run: found 1 peers to clear - 10.0.0.1',
        'selected 1 peers to clear - 10.0.0.1',
        'cleared ike sa and ipsec sa for peers: 10.0.0.1',
      ],
    );
  } finally {
    await bench.close();
    socket.close();
  }
});
