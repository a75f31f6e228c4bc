import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mode } from '../../../src/core/policy.ts';
import type { Store } from '../../../src/store/contract.ts';
import { openStore } from '../../../src/store/open.ts';
import { yard } from '../../support/remediation-yard.ts';
import { ToyDevice } from '../../support/toy-device.ts';

/** A store after whose n-th write, or before it, the process is dead: every later call to it hangs for ever. */
function dyingStore(store: Store, write: number, when: 'before' | 'after'): { store: Store; died: () => boolean } {
  let writes = 0;
  let dead = false;
  const forEver = () => new Promise<never>(() => {});
  const dying = new Proxy(store, {
    get(target, key: keyof Store) {
      const method = target[key].bind(target) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        if (dead) return forEver();
        if (key !== 'append' && key !== 'open') return method(...args);
        writes += 1;
        if (writes !== write) return method(...args);
        dead = true;
        if (when === 'after') await method(...args);
        return forEver();
      };
    },
  });
  return { store: dying, died: () => dead };
}

async function crashAndGoOn(
  labels: Record<string, string>,
  write: number,
  when: 'before' | 'after',
  relief = 4,
  modeAfter: Mode = 'auto',
) {
  const store = await openStore('sqlite::memory:');
  const toy = new ToyDevice();
  toy.pests.add('192.0.2.7').add('192.0.2.8');
  // Each removal helps so little that the fresh read after the crash finds the rest still worth doing.
  toy.relief = relief;
  const dying = dyingStore(store, write, when);
  const before = await yard({ store: dying.store, toy });
  void before.remediator.receive([before.alert(labels)]);
  for (let turns = 0; turns < 50; turns += 1) await new Promise(resolve => setImmediate(resolve));
  const after = await yard({ store, toy, clock: before.clock, mode: modeAfter });
  await after.remediator.start();
  await after.remediator.idle();
  await after.pass(5_000);
  return { after, toy, died: dying.died() };
}

for (const when of ['before', 'after'] as const) {
  test(`killed ${when} any write of a case, nothing is lost and no call is repeated blindly`, async () => {
    for (let write = 1; ; write += 1) {
      const { after, toy, died } = await crashAndGoOn({}, write, when);
      if (!died) {
        assert.ok(write > 8, `a whole case takes more than ${write} writes`);
        break;
      }
      const [subject] = await after.store.cases({});
      if (when === 'before' && write === 1) {
        assert.equal(subject, undefined, 'never accepted, so Alertmanager sends it again');
        continue;
      }
      assert.equal(subject?.state, 'verified', `write ${write}`);
      assert.deepEqual([...toy.sent].sort(), ['swat 192.0.2.7', 'swat 192.0.2.8'], `write ${write}`);
      assert.equal((await after.store.verifyChain()).intact, true);
    }
  });

  test(`killed ${when} any write of a block, it still ends on time`, async () => {
    const labels = { remedy: 'toy/fence', address: '192.0.2.50' };
    for (let write = 2; ; write += 1) {
      const { after, toy, died } = await crashAndGoOn(labels, write, when);
      if (!died) break;
      assert.equal((await after.newest()).state, 'holding', `write ${write}`);
      assert.deepEqual(toy.sent, ['block 192.0.2.50'], `write ${write}`);
      await after.pass(901_000);
      assert.equal((await after.newest()).state, 'released', `write ${write}`);
      assert.equal(toy.blocked.size, 0);
    }
  });
}

test('blocks that fell due while unclog was dead are released first of all', async () => {
  const it = await yard();
  await it.send(it.alert({ remedy: 'toy/fence', address: '192.0.2.50' }));
  await it.clock.advance(3_600_000);
  const again = await yard({ store: it.store, toy: it.toy, clock: it.clock });
  await again.remediator.start();
  await again.remediator.idle();
  assert.equal((await again.newest()).state, 'released');
});

test('what a crash left undone is not done when the fresh read finds the trouble gone', async () => {
  const { after, toy } = await crashAndGoOn({}, 5, 'after', 30);
  assert.equal((await after.newest()).state, 'verified');
  assert.deepEqual(toy.sent, ['swat 192.0.2.7']);
});

test('a mode that was turned down while unclog was dead is obeyed: nothing more is done', async () => {
  for (const mode of ['off', 'dry-run', 'approve'] as const) {
    const begun = await crashAndGoOn({}, 4, 'after', 4, mode);
    assert.equal((await begun.after.newest()).state, 'verified', `${mode}: what was done is still read back`);
    assert.deepEqual(begun.toy.sent, ['swat 192.0.2.7']);
    const untouched = await crashAndGoOn({}, 2, 'after', 4, mode);
    const subject = await untouched.after.newest();
    assert.equal(`${subject.state} ${subject.reason}`, 'refused mode-changed', mode);
    assert.deepEqual(untouched.toy.sent, []);
  }
});
