import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turn } from '../../support/manual-clock.ts';
import { yard } from '../../support/remediation-yard.ts';

const labels = { remedy: 'toy/fence', address: '192.0.2.50' };

test('a block is taken back when it is due and read back', async () => {
  const it = await yard();
  await it.send(it.alert(labels));
  assert.equal((await it.newest()).state, 'holding');
  assert.deepEqual([...it.toy.blocked], ['192.0.2.50']);
  await it.pass(899_000);
  assert.deepEqual([...it.toy.blocked], ['192.0.2.50']);
  await it.pass(2_000);
  assert.equal((await it.newest()).state, 'released');
  assert.deepEqual([...it.toy.blocked], []);
});

test('a release that fails is tried until the device shows that the block is gone', async () => {
  const it = await yard();
  await it.send(it.alert(labels));
  await it.pass(895_000);
  it.toy.faults.push('unreachable', 'never-arrived', 'answer-lost');
  await it.pass(60_000);
  const subject = await it.newest();
  assert.equal(subject.state, 'released');
  assert.equal(it.toy.blocked.size, 0);
});

test('an operator takes a block back early and it stays back for the cooldown', async () => {
  const it = await yard();
  await it.send(it.alert(labels));
  const { id } = await it.newest();
  await it.remediator.release(id, 'ada');
  await it.remediator.idle();
  assert.equal((await it.newest()).state, 'released');
  assert.equal((await it.newest()).releaseCause, 'operator');
  await it.pass(60_000);
  await it.send(it.alert(labels));
  assert.equal((await it.newest()).reason, 'released-by-operator');
  await assert.rejects(it.remediator.release(id, 'ada'), /holds no block: it is released/);
});

test('a resolved alert releases nothing', async () => {
  const it = await yard();
  const alert = it.alert(labels);
  await it.send(alert);
  await it.send({ ...alert, status: 'resolved' });
  await it.pass(10_000);
  assert.equal((await it.newest()).state, 'holding');
});

test('a block that vanished from the device is set again for the rest of its time', async () => {
  const it = await yard();
  await it.send(it.alert(labels));
  it.toy.blocked.clear();
  await it.pass(300_000);
  it.remediator.reconcile();
  await it.remediator.idle();
  assert.deepEqual([...it.toy.blocked], ['192.0.2.50']);
  await it.pass(601_000);
  assert.equal(it.toy.blocked.size, 0);
});

test('a read that fails while blocks are compared changes nothing', async () => {
  const it = await yard();
  await it.send(it.alert(labels));
  const sent = it.toy.sent.length;
  it.toy.readFaults.push(new Error('cut off'));
  it.remediator.reconcile();
  await it.remediator.idle();
  assert.equal(it.toy.sent.length, sent);
  assert.equal((await it.newest()).state, 'holding');
});

test('a block ends on time while the effect of another change on the same device is still being read back', async () => {
  const it = await yard();
  const readingBack = Promise.withResolvers<void>();
  const turns = async () => {
    for (let count = 0; count < 50; count += 1) await turn();
  };
  await it.send(it.alert(labels));
  await it.clock.advance(895_000);
  it.toy.pests.add('192.0.2.7');
  it.toy.readingBack = readingBack.promise;
  await it.remediator.receive([it.alert()]);
  await turns();
  assert.equal((await it.newest()).state, 'applied');
  await it.clock.advance(6_000);
  await it.remediator.tick();
  await turns();
  assert.equal(it.toy.blocked.size, 0);
  readingBack.resolve();
  await it.remediator.idle();
  assert.equal((await it.newest()).state, 'verified');
});
