import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quotaYard } from '../../../../support/quota-yard.ts';

const INTERNS = { kind: 'group', value: 'corp\\interns' } as const;
const options = { group_method: 'security-rule', rule: { admin: 'unclog' } };

test('a group stands in the rule BlockQuota while its block holds, and the rule goes with its last member', async () => {
  await using it = await quotaYard({ options });
  it.use('10.1.20.13', 'corp\\carol');
  const held = await it.send(INTERNS);
  assert.equal(held.state, 'holding', `${held.state} ${held.reason ?? ''} ${held.detail ?? ''}`);
  assert.equal(held.verdict?.effect, 'effective', held.verdict?.detail);
  await it.pass(901_000);
  await it.pass(30_000);
  const released = await it.newest();
  assert.equal(released.state, 'released', released.detail);
  const commands = it.simulator.changes().map(({ command }) => command);
  assert.ok(commands.filter(command => command.startsWith('commit')).length === 2, commands.join(' | '));
});

test('while others hold a lock or have changes pending nothing is changed', async () => {
  for (const order of [{ lock: { admin: 'ada', kind: 'commit' } }, { pendingChanges: true }]) {
    await using it = await quotaYard({ options });
    it.use('10.1.20.13', 'corp\\carol');
    it.simulator.trouble({ kind: 'configuration', ...order });
    const subject = await it.send(INTERNS);
    assert.ok(['locked', 'pending-changes'].includes(subject.reason ?? ''), `${subject.state} ${subject.reason ?? ''}`);
    assert.deepEqual(it.simulator.changes(), []);
  }
});

/** Calls in the life of a block by rule: set, move, commit; then delete, commit. */
const CALLS = ['config set', 'config move', 'commit partial', 'config delete'];

for (const kind of ['reset-after', 'reset-before'] as const) {
  const what = kind === 'reset-after' ? 'whose answer is lost' : 'that never arrives';
  for (const call of CALLS) {
    test(`a call ${what} (${call}) leaves no rule behind, and the group is blocked in between`, async () => {
      await using it = await quotaYard({ options });
      it.use('10.1.20.13', 'corp\\carol');
      it.simulator.fault({ kind, command: call, times: 1 });
      await it.send(INTERNS);
      await it.pass(120_000);
      const held = await it.newest();
      assert.equal(held.state, 'holding', `${held.state} ${held.reason ?? ''} ${held.detail ?? ''}`);
      await it.pass(1_000_000);
      const ended = await it.newest();
      assert.equal(ended.state, 'released', `${ended.state} ${ended.detail ?? ''}`);
    });
  }
}
