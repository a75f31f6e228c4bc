import assert from 'node:assert/strict';
import { test } from 'node:test';
import { yard } from '../../support/remediation-yard.ts';

test('the same alert again, at once and later, changes nothing', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  const alert = it.alert();
  await it.send(alert, alert);
  await it.send(alert);
  await it.pass(60_000);
  await it.send(alert);
  assert.equal((await it.store.cases({})).length, 1);
  assert.equal(it.toy.sent.length, 1);
});

test('copies from an HA pair with other replica labels are one case', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  const copy = (replica: string, fingerprint: string) => it.alert({ replica }, { fingerprint });
  await Promise.all([it.send(copy('a', '1111111111111111')), it.send(copy('b', '2222222222222222'))]);
  assert.equal((await it.store.cases({})).length, 1);
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.7']);
});

test('a resolved notice neither opens nor ends anything', async () => {
  const it = await yard({ mode: 'approve' });
  it.toy.pests.add('192.0.2.7');
  const alert = it.alert();
  await it.send({ ...alert, status: 'resolved' });
  assert.equal((await it.store.cases({})).length, 0);
  await it.send(alert);
  await it.send({ ...alert, status: 'resolved' }, alert);
  assert.equal((await it.newest()).state, 'awaiting-approval');
  assert.equal((await it.store.cases({})).length, 1);
});

test('an alert without a remedy is counted and left alone', async () => {
  const it = await yard();
  const { remedy: _, ...labels } = it.alert().labels;
  const intake = await it.remediator.receive([{ ...it.alert(), labels }]);
  assert.deepEqual(intake, { opened: 0, repeated: 0, resolved: 0, withoutRemedy: 1, unusable: 0 });
});

test('labels that are no names are unusable, and good alerts beside them are kept', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  const intake = await it.remediator.receive([
    it.alert({ device: '<device/>' }),
    it.alert({ remedy: 'toy/swat\n' }),
    it.alert({ device: 'x'.repeat(1_000_000) }),
    it.alert(),
  ]);
  assert.equal(intake.unusable, 3);
  assert.equal(intake.opened, 1);
  await it.send();
  assert.equal((await it.newest()).state, 'verified');
});

test('a new episode after the cooldown is a new case', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert());
  await it.pass(301_000);
  it.toy.level = 90;
  it.toy.pests.add('192.0.2.8');
  await it.send(it.alert());
  assert.equal((await it.store.cases({})).length, 2);
  assert.equal(it.toy.sent.length, 2);
});

test('work begins only after the alerts were accepted', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  await it.remediator.receive([it.alert()]);
  assert.deepEqual(it.toy.sent, []);
  assert.equal((await it.newest()).state, 'received');
});
