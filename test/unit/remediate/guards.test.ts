import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WEEKDAYS } from '../../../src/core/policy.ts';
import { isFrozen } from '../../../src/remediate/guards/freeze.ts';
import { yard, type YardOptions } from '../../support/remediation-yard.ts';

async function refusal(options: YardOptions, change: object = {}, labels: Record<string, string> = {}) {
  const it = await yard(options);
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert(labels, change));
  const subject = await it.newest();
  assert.deepEqual(it.toy.sent, [], 'nothing was sent');
  return { state: subject.state, reason: subject.reason, detail: subject.detail ?? '' };
}

test('a remedy that is off is refused', async () => {
  const { reason, detail } = await refusal({ mode: 'off' });
  assert.equal(reason, 'off');
  assert.equal(detail, 'remedy toy/swat is switched off (mode: off)');
});

test('an alert older than max_alert_age is refused', async () => {
  const startsAt = Date.UTC(2026, 0, 5, 11, 40, 0);
  const { reason, detail } = await refusal({}, { startsAt });
  assert.equal(reason, 'stale-alert');
  assert.equal(detail, 'the alert began 20m ago; max_alert_age is 10m');
});

test('an alert from far in the future is refused', async () => {
  const { reason, detail } = await refusal({}, { startsAt: Date.UTC(2026, 0, 5, 13, 0, 0) });
  assert.equal(reason, 'stale-alert');
  assert.equal(detail, 'the alert begins 1h from now; max_alert_age is 10m');
});

test('a target on the never-list is refused before the device is read', async () => {
  const labels = { remedy: 'toy/fence', address: '10.0.0.5' };
  const { reason, detail } = await refusal({ never: ['10.0.0.0/24'] }, {}, labels);
  assert.equal(reason, 'never');
  assert.equal(detail, 'address:10.0.0.5 is on the never-list');
});

test('a plan that touches nothing but the never-list is refused', async () => {
  const { reason, detail } = await refusal({ never: ['192.0.2.7'] });
  assert.equal(reason, 'never');
  assert.match(detail, /pest 192\.0\.2\.7: never-list: address:192\.0\.2\.7/);
});

test('what is on the never-list is left out of a plan and the rest is done', async () => {
  const it = await yard({ never: ['192.0.2.7'] });
  it.toy.pests.add('192.0.2.7').add('192.0.2.8');
  await it.send(it.alert());
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.8']);
  const subject = await it.newest();
  assert.deepEqual(subject.plan?.passedOver, [{ subject: 'pest 192.0.2.7', reason: 'never-list: address:192.0.2.7' }]);
});

test('a freeze window refuses', async () => {
  const window = { days: ['mon' as const], from: 11 * 60, to: 14 * 60, timezone: 'UTC' };
  const { reason, detail } = await refusal({ freeze: [window] });
  assert.equal(reason, 'freeze');
  assert.equal(detail, 'freeze window: mon 11:00–14:00 UTC');
});

test('a second episode within the cooldown is refused, also after other refusals', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  await it.send(it.alert());
  for (let minute = 1; minute <= 4; minute += 1) {
    await it.pass(60_000);
    it.toy.pests.add('192.0.2.8');
    it.toy.level = 90;
    await it.send(it.alert());
    assert.equal((await it.newest()).reason, 'cooldown');
  }
  await it.pass(60_000);
  await it.send(it.alert());
  assert.equal((await it.newest()).state, 'verified');
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.7', 'swat 192.0.2.8']);
});

test('a plan is cut to the budget that is left, and then the budget refuses', async () => {
  const it = await yard({ maxActionsPerHour: 2, cooldownMs: 0 });
  it.toy.pests.add('192.0.2.1').add('192.0.2.2').add('192.0.2.3');
  it.toy.relief = 1;
  await it.send(it.alert());
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.1', 'swat 192.0.2.2']);
  assert.match((await it.newest()).plan?.passedOver[0]?.reason ?? '', /^budget: 2 of 2 actions an hour are left$/);
  await it.pass(1_000);
  await it.send(it.alert());
  assert.equal((await it.newest()).reason, 'budget');
  await it.pass(3_600_000);
  await it.send(it.alert());
  assert.deepEqual(it.toy.sent, ['swat 192.0.2.1', 'swat 192.0.2.2', 'swat 192.0.2.3']);
});

test('a guard that cannot decide refuses', async () => {
  const it = await yard();
  it.toy.pests.add('192.0.2.7');
  const countCalls = it.store.countCalls.bind(it.store);
  it.store.countCalls = async () => {
    throw new Error('disk I/O error');
  };
  await it.send(it.alert());
  it.store.countCalls = countCalls;
  const subject = await it.newest();
  assert.equal(subject.reason, 'guard-undecided');
  assert.match(subject.detail ?? '', /disk I\/O error/);
});

test('an unknown device and an unknown remedy are refused with the known names', async () => {
  assert.match(
    (await refusal({}, {}, { device: 'fw-nowhere' })).detail,
    /device "fw-nowhere" is not configured; known: toy/,
  );
  const unknown = await refusal({}, {}, { remedy: 'toy/burn' });
  assert.equal(unknown.reason, 'unknown-remedy');
  assert.match(unknown.detail, /remedy "toy\/burn" is not one of device toy; known: toy\/fence, toy\/swat/);
});

test('a target that does not parse is refused and never used', async () => {
  for (const address of ['10.0.0.1/24', '010.0.0.1', "1.1.1.1'<x>", '', 'any']) {
    const { reason } = await refusal({}, {}, { remedy: 'toy/fence', address });
    assert.equal(reason, 'bad-target');
  }
});

test('a freeze window is inside exactly between its ends on its days, also over midnight', () => {
  const monday = Date.UTC(2026, 0, 5);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1439 }),
      fc.integer({ min: 0, max: 1439 }),
      fc.subarray([...WEEKDAYS], { minLength: 1 }),
      fc.integer({ min: 0, max: 7 * 1440 - 1 }),
      (from, to, days, minuteOfWeek) => {
        fc.pre(from !== to);
        const now = monday + minuteOfWeek * 60_000;
        const day = (1 + Math.floor(minuteOfWeek / 1440)) % 7;
        const minute = minuteOfWeek % 1440;
        const length = (to - from + 1440) % 1440;
        const sinceToday = minute - from;
        const inToday = days.includes(WEEKDAYS[day] ?? 'sun') && sinceToday >= 0 && sinceToday < length;
        const inYesterday = days.includes(WEEKDAYS[(day + 6) % 7] ?? 'sun') && sinceToday + 1440 < length;
        assert.equal(isFrozen({ days, from, to, timezone: 'UTC' }, now), inToday || inYesterday);
      },
    ),
  );
});

test('a freeze window follows the clock of its time zone', () => {
  const window = { days: ['sat' as const], from: 22 * 60, to: 2 * 60, timezone: 'Europe/Berlin' };
  assert.equal(isFrozen(window, Date.UTC(2026, 6, 4, 20, 30)), true, '22:30 summer time');
  assert.equal(isFrozen(window, Date.UTC(2026, 6, 4, 19, 30)), false, '21:30 summer time');
  assert.equal(isFrozen(window, Date.UTC(2026, 0, 4, 0, 30)), true, '01:30 on Sunday, winter time');
});
