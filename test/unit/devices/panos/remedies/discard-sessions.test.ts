import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Action, OncePlan, Receipt } from '../../../../../src/core/action.ts';
import { DeviceRefused, DeviceUnreachable, Refusal } from '../../../../../src/core/errors.ts';
import { discardSessions } from '../../../../../src/devices/panos/remedies/discard-sessions/index.ts';
import type { DiscardOptions } from '../../../../../src/devices/panos/remedies/discard-sessions/options.ts';
import type { Fault } from '../../../../../src/simulators/panos/faults.ts';
import { PA_VM } from '../../../../../src/simulators/panos/state/platform.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { type Bench, type BenchOptions, driverBench, whileTimePasses } from '../../../../support/panos-driver.ts';

const forever = new AbortController().signal;

function plan(bench: Bench, options: Partial<Record<keyof DiscardOptions, unknown>> = {}, labels = {}) {
  const request = { target: { kind: 'device' }, labels, options: discardSessions.options.parse(options) } as const;
  return discardSessions.plan(bench.session.at('remedy'), request, forever);
}

async function planned(bench: Bench, options: Partial<Record<keyof DiscardOptions, unknown>> = {}): Promise<OncePlan> {
  const found = await plan(bench, options);
  assert.ok(!(found instanceof Refusal) && found.kind === 'once', JSON.stringify(found));
  return found;
}

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const found = await work.catch((error: unknown) => error);
  assert.ok(found instanceof Refusal, JSON.stringify(found) ?? String(found));
  return found;
}

function first(plan: OncePlan): Action {
  const [action] = plan.actions;
  assert.ok(action);
  return action;
}

async function applyAll(bench: Bench, { actions }: OncePlan): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (const action of actions) receipts.push(await discardSessions.apply(bench.session.at('remedy'), action, forever));
  return receipts;
}

function ids({ actions }: OncePlan): readonly unknown[] {
  return actions.map(({ data }) => data['id']);
}

/** The members have been in their parts for long. */
function settle({ simulator }: Bench): void {
  for (const member of simulator.state.members) member.haSince -= 3_600_000;
}

/** A firewall with two abusive sessions on s1dp1, 46 % each, at 99 %. */
async function inTrouble(options: BenchOptions = {}) {
  const bench = await driverBench({ credentials: 'key', ...options });
  const abusers = bench.simulator.abuse({ sessions: 2, share: 46, user: 'corp\\eve' });
  return Object.assign(bench, { abusers });
}

describe('the plan of panos/discard-sessions', () => {
  test('names each session with its flow, what it touches, the exact call and the evidence', async () => {
    await using bench = await inTrouble();
    const [id] = bench.abusers.map(session => session.id);
    const found = await planned(bench);
    assert.equal(found.summary, 'discard 2 sessions: packet buffer of s1dp1 on 127.0.0.1 is at 99 %');
    const action = first(found);
    assert.equal(action.subject, `session ${id} (203.0.113.66:20000 → 10.1.8.89:5060/17) on s1dp1 of 127.0.0.1`);
    assert.deepEqual(action.touches, [
      { kind: 'address', value: '203.0.113.66' },
      { kind: 'address', value: '10.1.8.89' },
      { kind: 'user', value: 'corp\\eve' },
    ]);
    assert.deepEqual(action.calls, [
      `127.0.0.1: request session-discard timeout 60 reason "unclog: packet buffer abuse" id ${id}`,
    ]);
    assert.deepEqual(action.evidence.slice(0, 2), [
      'ingress-backlogs: 46 % of s1dp1',
      'packet-buffer protection: 46 % of s1dp1, the device drops its packets already',
    ]);
    assert.match(action.evidence[2] ?? '', /^show session id: ACTIVE since .*, application unknown-udp, zone untrust$/);
    assert.deepEqual(found.before, [
      { name: 'packet buffer of s1dp1 on 127.0.0.1', value: 99, unit: '%' },
      { name: 'packet buffer of s1dp0 on 127.0.0.1', value: 7, unit: '%' },
    ]);
    assert.deepEqual(bench.simulator.changes(), []);
  });

  test('is not needed when the buffer is below the threshold, and then asks nothing more', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    const found = await plan(bench);
    assert.ok(!(found instanceof Refusal) && found.kind === 'not-needed');
    assert.match(
      found.detail,
      /^the fullest, packet buffer of s1dp\d on 127\.0\.0\.1 is at 7 %, below the threshold of 80 %$/,
    );
    assert.equal(found.before.length, 2);
    assert.equal(bench.simulator.log().length, 2);
  });

  test('acts at the threshold itself, and one below it does not', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.abuse({ raiseTo: 50 });
    assert.equal((await planned(bench, { threshold: 50 })).actions.length, 1);
    const found = await plan(bench, { threshold: 51 });
    assert.ok(!(found instanceof Refusal) && found.kind === 'not-needed');
  });

  test('looks at every dataplane, whatever the order in the reply', async () => {
    for (const dataplane of ['s1dp0', 's1dp1']) {
      await using bench = await driverBench({ credentials: 'key' });
      const [abuser] = bench.simulator.abuse({ dataplane });
      assert.deepEqual(ids(await planned(bench)), [String(abuser?.id)]);
    }
  });

  test('leaves the sessions of a dataplane alone that is not full', async () => {
    await using bench = await inTrouble();
    const [calm] = bench.simulator.abuse({ dataplane: 's1dp0', share: 20 });
    const found = await planned(bench);
    assert.ok(!ids(found).includes(String(calm?.id)));
    assert.deepEqual(found.passedOver, [
      { subject: `session ${calm?.id} on 127.0.0.1`, reason: 'its dataplane s1dp0 is below the threshold' },
    ]);
  });

  test('takes the largest shares first and no more than max_sessions', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    const shares = [20, 40, 25].map(share => bench.simulator.abuse({ share, source: `203.0.113.${share}` })[0]?.id);
    const found = await planned(bench, { max_sessions: 2 });
    assert.deepEqual(ids(found), [String(shares[1]), String(shares[2])]);
    assert.deepEqual(found.passedOver, [{ subject: `session ${shares[0]} on 127.0.0.1`, reason: 'max_sessions is 2' }]);
  });

  test('passes over sessions below min_share', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.abuse({ share: 70 });
    const [small] = bench.simulator.abuse({ share: 8 });
    const found = await planned(bench, { min_share: 10 });
    assert.equal(found.actions.length, 1);
    assert.deepEqual(found.passedOver, [
      { subject: `session ${small?.id} on 127.0.0.1`, reason: 'its share of 8 % is below 10 %' },
    ]);
  });

  test('is not bound to what moves with every read: the same offenders give the same data', async () => {
    await using bench = await inTrouble();
    const before = await planned(bench);
    bench.simulator.trouble({ kind: 'load', packetBuffer: 9 });
    const after = await planned(bench);
    assert.deepEqual(
      after.actions.map(({ subject, calls, data }) => ({ subject, calls, data })),
      before.actions.map(({ subject, calls, data }) => ({ subject, calls, data })),
    );
  });

  test('takes nothing from the labels of the alert', async () => {
    await using bench = await inTrouble();
    const labels = { dataplane: 's9dp9', application: '</id><id>1', address: '0.0.0.0/0', session: '1' };
    assert.deepEqual(await plan(bench, {}, labels), await plan(bench));
  });
});

describe('the filters of panos/discard-sessions', () => {
  const abuse = { share: 80, application: 'dns', from: 'guest' };

  async function decision(options: Partial<Record<keyof DiscardOptions, unknown>>, more: object = {}): Promise<string> {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.abuse({ ...abuse, ...more });
    const found = await plan(bench, options).catch((error: unknown) => error as Refusal);
    return found instanceof Refusal ? `${found.reason}: ${found.message.replace(/^.*?: /, '')}` : found.kind;
  }

  test('any lets everything through, in any spelling of the word', async () => {
    assert.equal(await decision({ applications: ['Any'], zones: ['ANY'] }), 'once');
  });

  test('an application and a zone match exactly, capitals included', async () => {
    assert.equal(await decision({ applications: ['ssl', 'dns'], zones: ['guest'] }), 'once');
    assert.match(await decision({ applications: ['DNS'] }), /^no-offender: .*its application dns is not among DNS$/);
    assert.match(await decision({ applications: ['dn'] }), /not among dn$/);
    assert.match(await decision({ zones: ['Guest', 'trust'] }), /its zone guest is not among Guest, trust$/);
  });

  test('the destination zone does not count', async () => {
    assert.match(await decision({ zones: ['trust'] }), /^no-offender/);
  });

  test('undecided is left alone unless that is asked for, and matches no application', async () => {
    const undecided = { application: 'undecided' };
    assert.match(await decision({}, undecided), /^no-offender: .*its application is undecided$/);
    assert.equal(await decision({ discard_undecided: true }, undecided), 'once');
    assert.match(await decision({ discard_undecided: true, applications: ['dns'] }, undecided), /^no-offender/);
  });
});

describe('panos/discard-sessions refuses', () => {
  test('when nobody is named', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.trouble({ kind: 'load', packetBuffer: 90 });
    const found = await refusal(plan(bench));
    assert.equal(found.reason, 'no-offender');
    assert.match(found.message, /is at 90 %, but the device names no session that fills it$/);
  });

  for (const shape of ['flat', 'shifted', 'text'] as const) {
    test(`when ingress-backlogs is ambiguous: ${shape}`, async () => {
      await using bench = await inTrouble({ behaviour: { backlogs: shape } });
      const found = await refusal(plan(bench));
      assert.equal(found.reason, 'backlog-ambiguous');
      assert.match(found.message, /docs\/devices\/panos\.md tells how to hand in a capture/);
      assert.deepEqual(bench.simulator.changes(), []);
    });
  }

  test('when the platform has neither source of offenders', async () => {
    await using bench = await driverBench({ platform: PA_VM, behaviour: { protection: 'off' }, credentials: 'key' });
    bench.simulator.abuse();
    assert.equal((await refusal(plan(bench))).reason, 'no-offender-source');
  });

  test('while a commit is running', async () => {
    await using bench = await inTrouble();
    bench.simulator.commit(60);
    const found = await refusal(plan(bench));
    assert.equal(found.reason, 'commit-running');
    assert.match(found.message, /^job \d+ \(Commit\) is running on 127\.0\.0\.1$/);
  });

  test('when the pair has no active member, or two', async () => {
    for (const [state, reason] of [
      ['active', 'ha-split-brain'],
      ['suspended', 'ha-suspended'],
      ['tentative', 'ha-no-active'],
      ['unknown', 'ha-state-unknown'],
    ] as const) {
      await using bench = await inTrouble({ highAvailability: 'active-passive' });
      bench.simulator.trouble({ kind: 'high-availability', state });
      assert.equal((await refusal(plan(bench))).reason, reason);
      assert.deepEqual(bench.simulator.changes(), []);
    }
  });

  test('when the resource monitor shows no packet buffer', async () => {
    await using bench = await inTrouble();
    const body =
      '<response status="success"><result><resource-monitor><data-processors><dp0><second/></dp0>' +
      '</data-processors></resource-monitor></result></response>';
    bench.simulator.fault({ kind: 'reply', status: 200, body, command: 'show running resource-monitor second' });
    assert.equal((await refusal(plan(bench))).reason, 'no-buffer-reading');
  });
});

describe('the sources of offenders', () => {
  test('packet-buffer protection alone is enough', async () => {
    for (const options of [{ behaviour: { backlogs: 'unsupported' } }, { platform: PA_VM }] as const) {
      await using bench = await inTrouble(options);
      assert.equal((await planned(bench)).actions.length, 2);
    }
  });

  test('ingress-backlogs alone is enough', async () => {
    await using bench = await inTrouble({ behaviour: { protection: 'off' } });
    assert.equal((await planned(bench)).actions.length, 2);
  });

  for (const shape of ['columns', 'split'] as const) {
    test(`ingress-backlogs in the shape ${shape} is read`, async () => {
      await using bench = await inTrouble({ behaviour: { protection: 'off', backlogs: shape } });
      assert.deepEqual(
        ids(await planned(bench)),
        bench.abusers.map(({ id }) => String(id)),
      );
    });
  }

  test('an address of packet-buffer protection is no session and is passed over', async () => {
    await using bench = await driverBench({ credentials: 'key', behaviour: { backlogs: 'unsupported' } });
    bench.simulator.abuse({ offenderAs: 'address', share: 46 });
    const [session] = bench.simulator.abuse({ share: 40 });
    const found = await planned(bench);
    assert.deepEqual(ids(found), [String(session?.id)]);
    assert.match(found.passedOver[0]?.subject ?? '', /^"203\.0\.113\.66" on s1dp1 \(46 %\)$/);
  });

  test('an id that no session has is passed over', async () => {
    await using bench = await inTrouble({ behaviour: { protection: 'off', backlogs: 'foreign-ids' } });
    const found = await refusal(plan(bench));
    assert.equal(found.reason, 'no-offender');
    assert.match(found.message, /it is gone already/);
  });

  test('a session that is being discarded already is passed over', async () => {
    await using bench = await inTrouble({ behaviour: { freeDelayMs: 60_000 } });
    const found = await planned(bench);
    const still = first(found);
    await discardSessions.apply(bench.session, still, forever);
    const again = await planned(bench);
    assert.ok(!ids(again).includes(still.data['id']));
  });

  test('a session that the session table shows otherwise, or not whole, is passed over', async () => {
    const c2s = '<source>10.0.0.1</source><dst>10.0.0.2</dst><proto>17</proto><sport>1</sport><dport>2</dport>';
    const whole = '<start-time>Wed May 31 07:59:22 2023</start-time><application>unknown-udp</application>';
    for (const [inside, reason] of [
      [
        `<c2s>${c2s}<state>ACTIVE</state><source-zone>dmz</source-zone></c2s>${whole}`,
        /named with zone untrust, but .* dmz/,
      ],
      [
        `<c2s>${c2s}<state>ACTIVE</state><source-zone>untrust</source-zone></c2s>${whole.replace('unknown-udp', 'dns')}`,
        /named with application unknown-udp, but the session table says dns/,
      ],
      [`<c2s>${c2s}<state>ACTIVE</state></c2s>${whole}`, /does not show its zone/],
      [`<c2s>${c2s}<source-zone>untrust</source-zone></c2s>${whole}`, /does not show its state/],
      [`<c2s><state>ACTIVE</state></c2s>`, /does not show its source, destination, protocol, sourcePort/],
      [
        `<c2s>${c2s}<state>OPENING</state><source-zone>untrust</source-zone></c2s>${whole}`,
        /in the state OPENING, not ACTIVE/,
      ],
      ['<member>something new</member>', /could not be confirmed: .*not understood: no <c2s>/],
    ] as const) {
      await using bench = await inTrouble();
      const body = `<response status="success"><result>${inside}</result></response>`;
      bench.simulator.fault({ kind: 'reply', status: 200, body, command: 'show session id', times: 1 });
      const found = await planned(bench);
      assert.equal(found.actions.length, 1);
      assert.match(found.passedOver[0]?.reason ?? '', reason);
    }
  });
});

describe('applying panos/discard-sessions', () => {
  test('discards with a timeout and a fixed reason, and keeps what the device answered', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench, { discard_timeout: '90s' }));
    const receipt = await discardSessions.apply(bench.session, action, forever);
    assert.deepEqual(receipt.calls, action.calls);
    assert.match(receipt.reply, /^session \d+ discarded$/);
    const [abuser] = bench.abusers;
    assert.equal(abuser?.discarded?.timeoutMs, 90_000);
    assert.equal(abuser?.discarded?.reason, 'unclog: packet buffer abuse');
    assert.equal(bench.simulator.changes().length, 1);
  });

  test('refuses when the session is gone, replaced, changed or discarded meanwhile', async () => {
    for (const [kind, reason] of [
      ['gone', 'session-gone'],
      ['replaced', 'session-changed'],
      ['discarded', 'session-discarded'],
    ] as const) {
      await using bench = await inTrouble();
      const action = first(await planned(bench));
      const id = Number(action.data['id']);
      if (kind === 'gone') bench.simulator.trouble({ kind: 'end-sessions', ids: [id] });
      if (kind === 'replaced') bench.simulator.trouble({ kind: 'reuse-id', id });
      if (kind === 'discarded') await discardSessions.apply(bench.session, action, forever);
      const sent = bench.simulator.changes().length;
      const found = await refusal(discardSessions.apply(bench.session, action, forever));
      assert.equal(found.reason, reason);
      assert.equal(bench.simulator.changes().length, sent, 'nothing more was sent');
    }
  });

  test('refuses when the reply about the session is not understood', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench));
    bench.simulator.fault({ kind: 'malformed', command: 'show session id' });
    assert.equal((await refusal(discardSessions.apply(bench.session, action, forever))).reason, 'session-unclear');
    assert.deepEqual(bench.simulator.changes(), []);
  });

  test('refuses after a failover: the planned member is not in charge any more', async () => {
    await using bench = await inTrouble({ highAvailability: 'active-passive' });
    const action = first(await planned(bench));
    bench.simulator.failover();
    settle(bench);
    assert.equal((await refusal(discardSessions.apply(bench.session, action, forever))).reason, 'ha-changed');
    assert.deepEqual(bench.simulator.changes(), []);
  });

  test('neither plans nor applies in the first minute after a failover', async () => {
    await using bench = await inTrouble({ highAvailability: 'active-passive' });
    const action = first(await planned(bench));
    bench.simulator.failover();
    assert.equal((await refusal(planned(bench))).reason, 'ha-failover-recent');
    assert.equal((await refusal(discardSessions.apply(bench.session, action, forever))).reason, 'ha-failover-recent');
    assert.deepEqual(bench.simulator.changes(), []);
  });

  test('refuses a pair that is not synchronized, unless the configuration says otherwise', async () => {
    for (const requireSync of [true, false]) {
      await using bench = await inTrouble({ highAvailability: 'active-passive', entry: { ha: { requireSync } } });
      const action = first(await planned(bench));
      bench.simulator.trouble({ kind: 'high-availability', configSync: 'not synchronized' });
      const applying = discardSessions.apply(bench.session, action, forever);
      if (requireSync) {
        assert.equal((await refusal(applying)).reason, 'ha-not-synchronized');
        assert.equal((await refusal(planned(bench))).reason, 'ha-not-synchronized');
      } else {
        await applying;
      }
      assert.equal(bench.simulator.changes().length, requireSync ? 0 : 1);
    }
  });

  test('refuses when a commit began after the plan', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench));
    bench.simulator.commit();
    assert.equal((await refusal(discardSessions.apply(bench.session, action, forever))).reason, 'commit-running');
    assert.deepEqual(bench.simulator.changes(), []);
  });

  test('never calls a passive member', async () => {
    await using bench = await inTrouble({ highAvailability: 'active-passive' });
    await applyAll(bench, await planned(bench));
    assert.deepEqual(new Set(bench.simulator.changes().map(({ member }) => member)), new Set(['fw-edge-1']));
    bench.simulator.failover();
    settle(bench);
    const again = await planned(bench);
    await applyAll(bench, again);
    assert.deepEqual(
      new Set(bench.simulator.changes().map(({ member }) => member)),
      new Set(['fw-edge-1', 'fw-edge-2']),
    );
  });

  test('in active/active acts on the member that lists the session', async () => {
    await using bench = await driverBench({ highAvailability: 'active-active', credentials: 'key' });
    for (const member of ['fw-edge-1', 'fw-edge-2']) bench.simulator.abuse({ member });
    const found = await planned(bench);
    assert.equal(found.actions.length, 2);
    await applyAll(bench, found);
    assert.deepEqual(
      bench.simulator
        .changes()
        .map(({ member }) => member)
        .sort(),
      ['fw-edge-1', 'fw-edge-2'],
    );
  });

  test('refuses a member that the configuration does not name any more', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench));
    const moved = { ...action, data: { ...action.data, member: '192.0.2.99' } };
    assert.equal((await refusal(discardSessions.apply(bench.session, moved, forever))).reason, 'unknown-member');
  });

  test('what cannot be known to be undone is told: an answer that was lost is maybe done', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench));
    bench.simulator.fault({ kind: 'reset-after', command: 'request session-discard' });
    await assert.rejects(discardSessions.apply(bench.session, action, forever), (error: unknown) => {
      assert.ok(error instanceof DeviceUnreachable);
      return error.maybeDone;
    });
    assert.equal(bench.simulator.changes().length, 1);
  });

  test('a read that fails before the call is not maybe done', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench));
    bench.simulator.fault({ kind: 'reset-after', command: 'show session id', times: 'always' });
    await assert.rejects(discardSessions.apply(bench.session, action, forever), (error: unknown) => {
      assert.ok(error instanceof DeviceUnreachable);
      return !error.maybeDone;
    });
  });

  test('a device that denies it is asked once', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench));
    bench.simulator.fault({ kind: 'denied', command: 'request session-discard', times: 'always' });
    await assert.rejects(discardSessions.apply(bench.session, action, forever), (error: unknown) => {
      assert.ok(error instanceof DeviceRefused);
      return error.why === 'denied';
    });
    assert.equal(bench.simulator.changes().length, 1);
  });
});

describe('recalling panos/discard-sessions', () => {
  test('after a call that never arrived: not done', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench));
    assert.equal((await discardSessions.recall(bench.session, action, forever)).found, 'not-done');
  });

  test('after a call whose answer was lost, an ended session, or a reused id: done, with a receipt', async () => {
    for (const [what, reply] of [
      ['lost', 'read back: the session is being discarded'],
      ['ended', 'read back: the session is gone'],
      ['reused', 'read back: the session is gone, its id belongs to another'],
    ] as const) {
      await using bench = await inTrouble();
      const action = first(await planned(bench));
      const id = Number(action.data['id']);
      if (what === 'ended') bench.simulator.trouble({ kind: 'end-sessions', ids: [id] });
      if (what === 'reused') bench.simulator.trouble({ kind: 'reuse-id', id });
      if (what === 'lost') {
        bench.simulator.fault({ kind: 'reset-after', command: 'request session-discard' });
        await assert.rejects(discardSessions.apply(bench.session, action, forever));
      }
      const found = await discardSessions.recall(bench.session, action, forever);
      assert.ok(found.found === 'done', JSON.stringify(found));
      assert.equal(found.receipt.reply, reply);
      assert.deepEqual(found.receipt.data, action.data);
    }
  });

  test('a reply that is not understood leaves it unclear, an unreachable device throws', async () => {
    await using bench = await inTrouble();
    const action = first(await planned(bench));
    bench.simulator.fault({ kind: 'truncated', command: 'show session id' });
    assert.equal((await discardSessions.recall(bench.session, action, forever)).found, 'unclear');
    bench.simulator.fault({ kind: 'reset-before', times: 'always' });
    await assert.rejects(discardSessions.recall(bench.session, action, forever), { name: 'DeviceUnreachable' });
  });
});

describe('verifying panos/discard-sessions', () => {
  async function verdict(
    bench: Bench & { readonly clock?: ManualClock },
    found: OncePlan,
    receipts: readonly Receipt[],
  ) {
    const work = discardSessions.verify(bench.session.at('remedy'), found, receipts, forever);
    return bench.clock ? whileTimePasses(bench.clock, 250, work) : work;
  }

  test('is effective as soon as the sessions are out of the way and the buffer fell', async () => {
    await using bench = await inTrouble();
    const found = await planned(bench);
    const judged = await verdict(bench, found, await applyAll(bench, found));
    assert.deepEqual([judged.proven, judged.effect], [true, 'effective']);
    assert.deepEqual(judged.before, found.before);
    assert.deepEqual(
      judged.after.find(({ name }) => name.includes('s1dp1')),
      { name: 'packet buffer of s1dp1 on 127.0.0.1', value: 7, unit: '%' },
    );
    assert.match(
      judged.detail,
      /^2 of 2 sessions are discarded or gone; packet buffer of s1dp1 on 127\.0\.0\.1 99 % → 7 %/,
    );
  });

  test('waits until the buffer falls, by the clock', async () => {
    const clock = new ManualClock();
    await using bench = Object.assign(
      await inTrouble({ clock, driverClock: clock, behaviour: { freeDelayMs: 4_000 } }),
      { clock },
    );
    const found = await planned(bench);
    const receipts = await applyAll(bench, found);
    const started = clock.monotonic();
    const judged = await verdict(bench, found, receipts);
    assert.deepEqual([judged.proven, judged.effect], [true, 'effective']);
    assert.ok(clock.monotonic() - started >= 4_000 && clock.monotonic() - started < 9_000);
  });

  for (const [afterDiscard, effect] of [
    ['stays', 'ineffective'],
    ['worsens', 'harmful'],
  ] as const) {
    test(`is ${effect} when the buffer ${afterDiscard}`, async () => {
      const clock = new ManualClock();
      await using bench = Object.assign(await driverBench({ clock, driverClock: clock, credentials: 'key' }), {
        clock,
      });
      bench.simulator.abuse({ raiseTo: 82, afterDiscard });
      const found = await planned(bench, { verify_within: '3s' });
      const judged = await verdict(bench, found, await applyAll(bench, found));
      assert.deepEqual([judged.proven, judged.effect], [true, effect]);
    });
  }

  test('is not proven when the device took the call and did nothing', async () => {
    const clock = new ManualClock();
    await using bench = Object.assign(await inTrouble({ clock, driverClock: clock }), { clock });
    const found = await planned(bench, { verify_within: '2s' });
    bench.simulator.fault({ kind: 'ignored', command: 'request session-discard', times: 'always' });
    const judged = await verdict(bench, found, await applyAll(bench, found));
    assert.deepEqual([judged.proven, judged.effect], [false, 'ineffective']);
    assert.match(judged.detail, /^0 of 2 sessions are discarded or gone, still there: \d+, \d+;/);
  });

  test('throws when the device cannot be read', async () => {
    await using bench = await inTrouble();
    const found = await planned(bench);
    const receipts = await applyAll(bench, found);
    bench.simulator.fault({ kind: 'reset-before', times: 'always' });
    await assert.rejects(verdict(bench, found, receipts), { name: 'DeviceUnreachable' });
  });
});

describe('whatever goes wrong', () => {
  const kinds: readonly Fault['kind'][] = [
    'commit-window',
    'invalid-credential',
    'session-timeout',
    'denied',
    'unauthorized',
    'invalid-command',
    'malformed',
    'truncated',
    'empty',
    'html',
    'server-error',
    'reset-before',
    'reset-midway',
  ];
  for (const kind of kinds) {
    test(`a plan that meets ${kind} everywhere changes nothing and ends in an error of the closed set`, async () => {
      const clock = new ManualClock();
      await using bench = await inTrouble({ driverClock: clock });
      bench.simulator.fault({ kind, times: 'always' } as Fault);
      await assert.rejects(whileTimePasses(clock, 250, planned(bench)), { name: /^(Device|Refusal)/ });
      assert.deepEqual(bench.simulator.changes(), []);
    });
  }
});
