import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceRefused, DeviceSurprise, DeviceUnreachable, Refusal } from '../../../src/core/errors.ts';
import { yard } from '../../support/remediation-yard.ts';

test('an alert leads to one change that is verified and judged effective', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert());
  const subject = await it.newest();
  assert.equal(subject.state, 'verified');
  assert.equal(subject.verdict?.effect, 'effective');
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.7']);
  const { entries } = await it.remediator.history(subject.id);
  assert.deepEqual(
    entries.map(entry => entry.event.type),
    ['received', 'intended', 'calling', 'called', 'applied', 'verified'],
  );
});

test('trouble that is gone before we look is recorded as not needed', async () => {
  const it = await yard();
  it.toy.level = 20;
  await it.send(it.alert());
  assert.equal((await it.newest()).state, 'not-needed');
  assert.deepEqual(it.toy.sent, []);
});

test('a dry run shows the exact calls and sends nothing', async () => {
  const it = await yard({ mode: 'dry-run' });
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert());
  const subject = await it.newest();
  assert.equal(subject.state, 'planned');
  assert.deepEqual(subject.plan?.actions[0]?.calls, ['swat 192.0.2.7']);
  assert.deepEqual(it.toy.sent, []);
});

test('an approval binds to the plan that was shown', async () => {
  const it = await yard({ mode: 'approve' });
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert());
  const waiting = await it.newest();
  assert.equal(waiting.state, 'awaiting-approval');
  await assert.rejects(it.remediator.approve(waiting.id, 'another', 'ada'), (error: unknown) => {
    return error instanceof Refusal && error.reason === 'plan-changed';
  });
  it.toy.pests.add('192.0.2.8');
  await it.remediator.approve(waiting.id, waiting.planHash ?? '', 'ada');
  await it.remediator.idle();
  const shownAgain = await it.newest();
  assert.equal(shownAgain.state, 'awaiting-approval', 'the device gives another plan now, so it is shown again');
  assert.notEqual(shownAgain.planHash, waiting.planHash);
  assert.deepEqual(it.toy.sent, []);
  await it.remediator.approve(waiting.id, shownAgain.planHash ?? '', 'ada');
  await it.remediator.idle();
  const done = await it.newest();
  assert.equal(done.state, 'verified');
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.7', 'swat 192.0.2.8']);
});

test('a plan that nobody approves in time is refused', async () => {
  const it = await yard({ mode: 'approve' });
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert());
  await it.pass(3_601_000);
  const subject = await it.newest();
  assert.equal(subject.state, 'refused');
  assert.equal(subject.reason, 'approval-expired');
  assert.deepEqual(it.toy.sent, []);
});

test('a rejected plan is refused and cannot be approved any more', async () => {
  const it = await yard({ mode: 'approve' });
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert());
  const waiting = await it.newest();
  const rejected = await it.remediator.reject(waiting.id, 'ada');
  assert.equal(rejected.reason, 'rejected');
  await assert.rejects(it.remediator.approve(waiting.id, waiting.planHash ?? '', 'ada'), /waits for no approval/);
});

test('an approval that comes later than max_alert_age still counts', async () => {
  const it = await yard({ mode: 'approve' });
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert());
  await it.pass(1_200_000);
  const waiting = await it.newest();
  await it.remediator.approve(waiting.id, waiting.planHash ?? '', 'ada');
  await it.remediator.idle();
  assert.equal((await it.newest()).state, 'verified');
});

test('an unreachable device is tried again until the alert is too old', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  const gone = () => new DeviceUnreachable({ device: 'toy', tried: 'read', found: 'no route' });
  it.toy.readFaults.push(gone(), gone());
  await it.send(it.alert());
  assert.equal((await it.newest()).state, 'received');
  await it.pass(10_000);
  assert.equal((await it.newest()).state, 'verified');
  it.toy.readFaults.push(...Array.from({ length: 50 }, gone));
  await it.pass(300_000);
  await it.send(it.alert());
  await it.pass(900_000);
  const subject = await it.newest();
  assert.equal(subject.state, 'refused');
  assert.equal(subject.reason, 'stale-alert');
});

test('refused credentials and replies that are not understood fail the case at once', async () => {
  for (const [error, reason] of [
    [
      new DeviceRefused({ device: 'toy', tried: 'log in', found: 'wrong password', why: 'credentials' }),
      'refused-by-device',
    ],
    [new DeviceSurprise({ device: 'toy', tried: 'read', found: 'not XML' }), 'surprise'],
    [new TypeError('undefined is not a function'), 'bug'],
  ] as const) {
    const it = await yard();
    it.toy.readFaults.push(error);
    await it.send(it.alert());
    const subject = await it.newest();
    assert.equal(subject.state, 'failed');
    assert.equal(subject.reason, reason);
    assert.match(subject.detail ?? '', new RegExp(error.message));
  }
});

test('a lost answer is looked into and the call is not made again', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  it.toy.faults.push('answer-lost');
  await it.send(it.alert());
  assert.equal((await it.newest()).progress[0]?.state, 'calling');
  await it.pass(5_000);
  assert.equal((await it.newest()).state, 'verified');
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.7']);
});

test('a call that never arrived is planned afresh after the device was asked', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  it.toy.faults.push('never-arrived');
  await it.send(it.alert());
  await it.pass(5_000);
  const subject = await it.newest();
  assert.equal(subject.state, 'verified');
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.7', 'swat 192.0.2.7']);
  assert.equal(subject.progress[0]?.state, 'not-done');
});

test('an error of our own in the middle of a call is treated as a call whose outcome is not known', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  it.toy.faults.push('bug');
  await it.send(it.alert());
  await it.pass(5_000);
  assert.equal((await it.newest()).state, 'verified');
});

test('a target that changed under our hands is left alone, and the others are done', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7').add('192.0.2.8');
  it.toy.faults.push('refused');
  await it.send(it.alert());
  const subject = await it.newest();
  assert.deepEqual(
    subject.progress.map(progress => progress.state),
    ['not-done', 'called'],
  );
  assert.equal(subject.state, 'verified');
});

test('when every target changed under our hands the case is refused', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  it.toy.faults.push('refused');
  await it.send(it.alert());
  const subject = await it.newest();
  assert.equal(subject.state, 'refused');
  assert.equal(subject.reason, 'toy-changed');
});

test('a change that did not help is judged ineffective and the same episode is not tried again', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  it.toy.relief = 0;
  const alert = it.alert();
  await it.send(alert);
  assert.equal((await it.newest()).verdict?.effect, 'ineffective');
  it.toy.pests.add('192.0.2.9');
  await it.pass(400_000);
  await it.send(alert);
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.7']);
});

test('a change that made it worse is judged harmful', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  it.toy.relief = -5;
  await it.send(it.alert());
  assert.equal((await it.newest()).verdict?.effect, 'harmful');
});
