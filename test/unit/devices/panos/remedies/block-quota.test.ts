import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Case } from '../../../../../src/core/case.ts';
import { NeverList } from '../../../../../src/core/policy.ts';
import { showClock } from '../../../../../src/devices/panos/quota/report-commands.ts';
import { type QuotaYard, quotaYard } from '../../../../support/quota-yard.ts';

const ALICE = { kind: 'address', value: '10.1.20.11' } as const;
const BOB = { kind: 'user', value: 'corp\\bob' } as const;
const INTERNS = { kind: 'group', value: 'corp\\interns' } as const;

const changes = (it: QuotaYard) => it.simulator.changes().map(({ member, command }) => `${member}: ${command}`);

function said({ state, reason, detail }: Case): string {
  return `${state} ${reason ?? ''}: ${detail ?? ''}`;
}

describe('who is blocked', () => {
  test('an address over its limit is tagged on both members and released after its time', async () => {
    await using it = await quotaYard({ highAvailability: 'active-passive' });
    it.use('10.1.20.11', 'corp\\alice');
    const held = await it.send(ALICE);
    assert.equal(held.state, 'holding', said(held));
    assert.equal(held.verdict?.effect, 'effective', held.verdict?.detail);
    assert.deepEqual([it.tagged(0), it.tagged(1)], [['10.1.20.11'], ['10.1.20.11']]);
    await it.pass(898_000);
    assert.equal((await it.newest()).state, 'holding');
    await it.pass(3_000);
    assert.equal((await it.newest()).state, 'released');
    assert.deepEqual([it.tagged(0), it.tagged(1)], [[], []]);
  });

  test('every address of a user now is tagged, wherever the traffic came from', async () => {
    await using it = await quotaYard();
    it.use('10.1.20.12', 'corp\\bob', 15_000_000);
    it.use('10.9.9.9', 'CORP\\Bob', 6_000_000);
    const held = await it.send(BOB);
    assert.equal(held.state, 'holding', said(held));
    assert.deepEqual(it.tagged(), ['10.1.20.12', '10.1.20.22']);
  });

  test('with user_method: user-tag the user itself is tagged', async () => {
    await using it = await quotaYard({ options: { user_method: 'user-tag' } });
    it.use('10.1.20.12', 'corp\\bob');
    const held = await it.send(BOB);
    assert.equal(held.verdict?.effect, 'effective', said(held));
    assert.deepEqual(it.tagged(0, 'user'), ['corp\\bob']);
    await it.pass(901_000);
    assert.deepEqual(it.tagged(0, 'user'), []);
  });

  test('every member of a group that is over its limit together is tagged', async () => {
    await using it = await quotaYard({ highAvailability: 'active-passive' });
    it.use('10.1.20.13', 'corp\\carol', 12_000_000);
    it.use('10.1.30.5', 'corp\\dave', 9_000_000);
    const held = await it.send(INTERNS);
    assert.equal(held.verdict?.effect, 'effective', said(held));
    assert.deepEqual([it.tagged(0, 'user'), it.tagged(1, 'user')], Array(2).fill(['corp\\carol', 'corp\\dave']));
    await it.pass(901_000);
    assert.deepEqual([it.tagged(0, 'user'), it.tagged(1, 'user')], [[], []]);
  });

  test('tags of others on the same addresses and users are never touched', async () => {
    await using it = await quotaYard();
    const foreign = () => [
      it.tagged(0, 'address', 'printer'),
      it.tagged(0, 'address', 'azure.region.westus'),
      it.tagged(0, 'user', 'contractor'),
    ];
    const before = foreign();
    assert.ok(before.every(list => list.length === 1));
    it.use('10.1.20.13', 'corp\\carol');
    await it.send({ kind: 'address', value: '10.1.20.13' });
    await it.pass(901_000);
    assert.deepEqual(foreign(), before);
  });
});

describe('what is asked again before anything is done', () => {
  test('an address that is not over its limit in the last bucket: not needed', async () => {
    await using it = await quotaYard();
    it.use('10.1.40.1', '', 19_999_999);
    const subject = await it.send({ kind: 'address', value: '10.1.40.1' });
    assert.equal(subject.state, 'not-needed');
    assert.match(subject.detail ?? '', /19999999 of 20000000 bytes/);
    assert.deepEqual(changes(it), []);
  });

  test('the limit itself is over: bytes are compared as the seed of this remedy did', async () => {
    await using it = await quotaYard();
    it.use('10.1.40.1', '', 20_000_000);
    assert.equal((await it.send({ kind: 'address', value: '10.1.40.1' })).state, 'holding');
  });

  test('a report without rows blocks nobody and releases nobody', async () => {
    await using it = await quotaYard();
    const body =
      '<response status="success"><result><job><id>9</id><status>FIN</status></job><report/></result></response>';
    it.simulator.fault({ kind: 'reply', status: 200, body, command: 'report dynamic' });
    const subject = await it.send(ALICE);
    assert.equal(subject.reason, 'no-data', said(subject));
  });

  test('after a release, the traffic of the same bucket is not held against anybody again', async () => {
    await using it = await quotaYard({ options: { hold: '10s' } });
    it.use('10.1.20.11', 'corp\\alice');
    await it.send(ALICE);
    await it.pass(12_000);
    assert.equal((await it.newest()).state, 'released');
    const again = await it.send(ALICE);
    assert.equal(again.reason, 'same-bucket', said(again));
  });

  test('repeat offenders are held longer where the configuration says so', async () => {
    await using it = await quotaYard({ options: { escalate: ['15m', '30m', '60m'] } });
    const held: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      it.use('10.1.20.11', 'corp\\alice');
      const subject = await it.send(ALICE);
      assert.equal(subject.state, 'holding', said(subject));
      held.push(((subject.dueAt ?? 0) - (subject.heldFrom ?? 0)) / 60_000);
      await it.clock.advance((subject.dueAt ?? 0) - it.clock.now() + 1_000_000);
      await it.pass(2_000);
    }
    assert.deepEqual(held.map(Math.round), [15, 30, 60, 60]);
  });
});

describe('who is never blocked', () => {
  const refused: readonly [string, { kind: 'address' | 'user' | 'group'; value: string }, string, RegExp][] = [
    ['the management address of the firewall', { kind: 'address', value: '127.0.0.1' }, 'never', /firewall itself/],
    ['the default gateway', { kind: 'address', value: '192.0.2.254' }, 'never', /gateway/],
    ['multicast', { kind: 'address', value: '224.0.0.9' }, 'never', /one host/],
    ['nobody', { kind: 'user', value: 'unknown' }, 'unknown-user', /nobody/],
    ['a group that the firewall does not know', { kind: 'group', value: 'any' }, 'no-members', /no members/],
  ];
  for (const [name, target, reason, detail] of refused) {
    test(name, async () => {
      await using it = await quotaYard();
      it.use(target.kind === 'address' ? target.value : '10.1.20.14', target.kind === 'user' ? 'unknown' : '');
      const subject = await it.send(target);
      assert.equal(subject.reason, reason, said(subject));
      assert.match(subject.detail ?? '', detail);
      assert.deepEqual(changes(it), []);
    });
  }

  test('what is no host address is not even asked about', async () => {
    await using it = await quotaYard();
    for (const value of ['10.1.20.0/24', '10.1.20.11-10.1.20.13', '010.1.20.11', "10.1.20.11'/><entry"]) {
      const subject = await it.send({ kind: 'address', value });
      assert.equal(subject.reason, 'bad-target');
    }
    assert.deepEqual(it.simulator.log(), []);
  });

  test('an address on the never-list is left out, the other one of the user is blocked', async () => {
    await using it = await quotaYard({ never: ['10.1.20.22'] });
    it.use('10.1.20.12', 'corp\\bob');
    const held = await it.send(BOB);
    assert.deepEqual(it.tagged(), ['10.1.20.12']);
    assert.ok(held.plan?.passedOver.some(({ reason }) => reason.startsWith('never-list')));
  });

  test('an address behind which sits a user of the never-list is not blocked', async () => {
    await using it = await quotaYard({ never: ['corp\\dave'] });
    it.use('10.1.30.5', 'corp\\carol');
    const subject = await it.send({ kind: 'address', value: '10.1.30.5' });
    assert.equal(subject.reason, 'never', said(subject));
  });

  test('a block whose target comes onto the never-list is let go', async () => {
    await using it = await quotaYard();
    it.use('10.1.20.11', 'corp\\alice');
    await it.send(ALICE);
    it.never = new NeverList(['10.1.20.0/24']);
    it.remediator.reconcile();
    await it.settle();
    await it.pass(2_000);
    assert.equal((await it.newest()).releaseCause, 'never');
    assert.deepEqual(it.tagged(), []);
  });

  test('an address that carries the tag from somebody else is left as it is', async () => {
    await using it = await quotaYard();
    it.simulator.trouble({ kind: 'tag', address: '10.1.20.11', tag: 'quota' });
    it.use('10.1.20.11', 'corp\\alice');
    const subject = await it.send(ALICE);
    assert.equal(subject.reason, 'tagged-by-others', said(subject));
    assert.deepEqual(it.tagged(), ['10.1.20.11']);
    assert.deepEqual(changes(it), []);
  });
});

describe('what lies across', () => {
  test('two blocks on one address: the first release leaves the tag to the second', async () => {
    await using it = await quotaYard();
    it.use('10.1.20.12', 'corp\\bob');
    await it.send({ kind: 'address', value: '10.1.20.12' });
    await it.pass(300_000);
    it.use('10.1.20.22', 'corp\\bob');
    const user = await it.send(BOB);
    assert.equal(user.state, 'holding', said(user));
    await it.pass(610_000);
    assert.deepEqual(it.tagged(), ['10.1.20.12', '10.1.20.22'], 'the block of the address is over');
    await it.pass(300_000);
    assert.deepEqual(it.tagged(), []);
    assert.deepEqual(
      (await it.store.cases({})).map(({ state }) => state),
      ['released', 'released'],
    );
  });

  test('the device ends the block by itself while unclog is dead', async () => {
    await using it = await quotaYard();
    it.use('10.1.20.11', 'corp\\alice');
    await it.send(ALICE);
    await it.clock.advance(901_000);
    assert.deepEqual(it.tagged(), []);
    await it.restart();
    assert.equal((await it.newest()).state, 'released');
  });

  for (const what of ['failover', 'reboot'] as const) {
    test(`a block that a ${what} lost is set again for the rest of its time`, async () => {
      await using it = await quotaYard({ highAvailability: what === 'failover' ? 'active-passive' : 'none' });
      it.use('10.1.20.11', 'corp\\alice');
      await it.send(ALICE);
      if (what === 'failover') {
        it.simulator.trouble({
          kind: 'tag',
          member: it.simulator.state.members[1]?.name,
          address: '10.1.20.11',
          tag: 'quota',
          remove: true,
        });
        it.simulator.failover();
      } else {
        it.simulator.reboot({ seconds: 30 });
        await it.clock.advance(31_000);
        await it.session.members[0]?.read(showClock, new AbortController().signal);
      }
      const active = what === 'failover' ? 1 : 0;
      assert.deepEqual(it.tagged(active), []);
      await it.pass(60_000);
      it.remediator.watch();
      await it.settle();
      assert.deepEqual(it.tagged(active), ['10.1.20.11']);
      await it.pass(842_000);
      assert.deepEqual(it.tagged(active), []);
    });
  }

  test('tags of ours without a case are reported and stay', async () => {
    await using it = await quotaYard();
    it.simulator.trouble({ kind: 'tag', address: '10.1.20.77', tag: 'quota' });
    it.remediator.reconcile();
    await it.settle();
    const told = it.happenings.filter(happening => happening.kind === 'strays').at(-1);
    assert.deepEqual(told?.subjects, ['address 10.1.20.77 carries tag quota']);
    assert.deepEqual(it.tagged(), ['10.1.20.77']);
  });

  test('a pair that takes no tags on its passive member: blocked on the active one, and on the other after a failover', async () => {
    await using it = await quotaYard({ highAvailability: 'active-passive', behaviour: { passiveUserId: 'refused' } });
    it.use('10.1.20.11', 'corp\\alice');
    const held = await it.send(ALICE);
    assert.equal(held.state, 'holding', said(held));
    assert.deepEqual([it.tagged(0), it.tagged(1)], [['10.1.20.11'], []]);
    it.simulator.failover();
    it.remediator.watch();
    await it.settle();
    assert.deepEqual(it.tagged(1), ['10.1.20.11']);
  });

  test('a pair that synchronises tags gets one call', async () => {
    await using it = await quotaYard({ highAvailability: 'active-passive', behaviour: { tagSync: true } });
    it.use('10.1.20.11', 'corp\\alice');
    await it.send(ALICE);
    assert.equal(changes(it).length, 1);
    assert.deepEqual([it.tagged(0), it.tagged(1)], [['10.1.20.11'], ['10.1.20.11']]);
  });

  test('split brain: nothing is changed', async () => {
    await using it = await quotaYard({ highAvailability: 'active-passive' });
    it.use('10.1.20.11', 'corp\\alice');
    it.simulator.trouble({ kind: 'high-availability', member: it.simulator.state.members[1]?.name, state: 'active' });
    const subject = await it.send(ALICE);
    assert.equal(subject.reason, 'ha-split-brain', said(subject));
    assert.deepEqual(changes(it), []);
  });

  test('a tag that no dynamic group takes up is called ineffective', async () => {
    await using it = await quotaYard({ options: { tag: 'nobody-matches' } });
    it.use('10.1.20.11', 'corp\\alice');
    const subject = await it.send(ALICE);
    assert.equal(subject.verdict?.effect, 'ineffective');
    assert.match(subject.verdict?.detail ?? '', /a dynamic address group with a match on 'nobody-matches' is needed/);
    await it.pass(901_000);
    assert.equal((await it.newest()).state, 'released');
  });

  test('a dry run shows the calls that the real run makes, and sends none', async () => {
    const options = { highAvailability: 'active-passive' } as const;
    await using dry = await quotaYard({ ...options, mode: 'dry-run' });
    dry.use('10.1.20.12', 'corp\\bob');
    const planned = await dry.send(BOB);
    assert.equal(planned.state, 'planned', said(planned));
    assert.deepEqual(changes(dry), []);
    const calls = planned.plan?.actions.flatMap(action => action.calls) ?? [];
    assert.equal(calls.length, 2);
    assert.match(calls[0] ?? '', /: user-id register 10\.1\.20\.12 10\.1\.20\.22 tag quota timeout 900$/);
  });

  test('a tag that is left over on the passive member starts anew there, in a dry run as in earnest', async () => {
    const shown: string[][] = [];
    for (const mode of ['dry-run', 'auto'] as const) {
      await using it = await quotaYard({ highAvailability: 'active-passive', mode });
      const passive = it.simulator.state.members[1]?.name;
      it.simulator.trouble({ kind: 'tag', member: passive, address: '10.1.20.11', tag: 'quota' });
      it.use('10.1.20.11', 'corp\\alice');
      const subject = await it.send(ALICE);
      assert.equal(subject.state, mode === 'dry-run' ? 'planned' : 'holding', said(subject));
      shown.push(subject.plan?.actions.flatMap(({ calls }) => calls.map(call => call.replace(/^.*?: /, ''))) ?? []);
    }
    assert.deepEqual(shown[0], shown[1]);
    assert.match(shown[0]?.[1] ?? '', /unregister 10\.1\.20\.11 .*register 10\.1\.20\.11/);
  });
});
