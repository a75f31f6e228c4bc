import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { App } from '../../src/app/app.ts';
import type { Case } from '../../src/core/case.ts';
import {
  alertOf,
  casesOf,
  eventually,
  type Ground,
  type GroundOptions,
  notificationOf,
  postWebhook,
  prepareGround,
  serveHere,
} from '../support/service.ts';

let ground: Ground;
let app: App | undefined;

beforeEach(async () => {
  ground = await prepareGround();
});

afterEach(async () => {
  await app?.stop();
  app = undefined;
  await ground.clear();
});

async function serve(options: GroundOptions): Promise<string> {
  await ground.configure(options);
  app = await serveHere(ground);
  return app.url;
}

function trouble(): void {
  ground.fleet.device('fw-edge')?.makeTrouble({ kind: 'abuse', sessions: 2, raiseTo: 92, source: '10.1.1.66' });
}

async function caseAfter(url: string, alert: object): Promise<Case> {
  const known = new Set((await casesOf(url)).map(subject => subject.id));
  assert.equal((await postWebhook(url, notificationOf(alert))).status, 200);
  return eventually('the case to come to rest', async () => {
    const found = (await casesOf(url)).find(subject => !known.has(subject.id));
    return found?.endedAt !== undefined || found?.state === 'awaiting-approval' ? found : undefined;
  });
}

function changes() {
  return (
    ground.fleet
      .device('fw-edge')
      ?.calls()
      .filter(call => call['changes'] === true) ?? []
  );
}

const auto = { 'panos/discard-sessions': { mode: 'auto' } };
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const refusals: readonly { name: string; options: GroundOptions; alert: object; reason: string; message: RegExp }[] = [
  {
    name: 'a remedy that is off',
    options: { remedies: { 'panos/discard-sessions': { mode: 'off' } } },
    alert: alertOf({}),
    reason: 'off',
    message: /is switched off \(mode: off\)/,
  },
  {
    name: 'an alert that is too old',
    options: { remedies: auto },
    alert: alertOf({}, { startsAt: new Date(Date.now() - 3_600_000).toISOString() }),
    reason: 'stale-alert',
    message: /the alert began 1h\S* ago; max_alert_age is 10m/,
  },
  {
    name: 'a freeze window',
    options: { remedies: auto, guards: { freeze: [{ days: everyDay, from: '00:00', to: '23:59', timezone: 'UTC' }] } },
    alert: alertOf({}),
    reason: 'freeze',
    message: /freeze window: mon, tue/,
  },
  {
    name: 'offenders on the never-list',
    options: { remedies: auto, guards: { never: ['0.0.0.0/0'] } },
    alert: alertOf({}),
    reason: 'never',
    message: /never-list: address:/,
  },
  {
    name: 'a device that is not configured',
    options: { remedies: auto },
    alert: alertOf({ device: 'fw-elsewhere' }),
    reason: 'unknown-device',
    message: /device "fw-elsewhere" is not configured; known: fw-edge/,
  },
  {
    name: 'a remedy that does not exist',
    options: { remedies: auto },
    alert: alertOf({ remedy: 'panos/reboot' }),
    reason: 'unknown-remedy',
    message: /remedy "panos\/reboot" is not one of device fw-edge; known: .*panos\/discard-sessions/,
  },
];

for (const { name, options, alert, reason, message } of refusals) {
  test(`${name} is refused, said everywhere, and nothing is sent`, async () => {
    const url = await serve(options);
    trouble();
    const subject = await caseAfter(url, alert);
    assert.equal(subject.state, 'refused');
    assert.equal(subject.reason, reason);
    assert.match(subject.detail ?? '', message);
    assert.deepEqual(changes(), []);
    const metrics = await (await fetch(`${url}/metrics?scope=self`)).text();
    assert.match(metrics, new RegExp(`unclog_refusals_total\\{[^}]*reason="${reason}"[^}]*\\} 1`));
    assert.match(await (await fetch(`${url}/`)).text(), new RegExp(reason));
  });
}

test('a plan is cut to the budget of the hour, and the next episode is refused', async () => {
  const url = await serve({
    remedies: { 'panos/discard-sessions': { mode: 'auto', max_actions_per_hour: 1, cooldown: '0s' } },
  });
  trouble();
  const first = await caseAfter(url, alertOf({}));
  assert.equal(changes().length, 1);
  assert.match(JSON.stringify(first.plan?.passedOver), /budget: 1 of 1 actions an hour are left/);
  trouble();
  const second = await caseAfter(url, alertOf({}, { startsAt: new Date(Date.now() + 1_000).toISOString() }));
  assert.equal(second.reason, 'budget');
  assert.equal(changes().length, 1);
});

test('a second episode within the cooldown is refused', async () => {
  const url = await serve({ remedies: { 'panos/discard-sessions': { mode: 'auto', cooldown: '1h' } } });
  trouble();
  assert.equal((await caseAfter(url, alertOf({}))).state, 'verified');
  trouble();
  const sent = changes().length;
  const again = await caseAfter(url, alertOf({}, { startsAt: new Date(Date.now() + 1_000).toISOString() }));
  assert.equal(again.reason, 'cooldown');
  assert.equal(changes().length, sent);
});

test('trouble that is gone before we look is not needed', async () => {
  const url = await serve({ remedies: auto });
  const subject = await caseAfter(url, alertOf({}));
  assert.equal(subject.state, 'not-needed');
  assert.deepEqual(changes(), []);
});

test('a dry run shows the calls and sends none', async () => {
  const url = await serve({});
  trouble();
  const subject = await caseAfter(url, alertOf({}));
  assert.equal(subject.state, 'planned', 'dry-run is the default');
  assert.match(subject.plan?.actions[0]?.calls[0] ?? '', /session-discard/);
  assert.deepEqual(changes(), []);
});

test('an approval carries out exactly the plan that was shown', async () => {
  const url = await serve({ remedies: { 'panos/discard-sessions': { mode: 'approve' } } });
  trouble();
  const waiting = await caseAfter(url, alertOf({}));
  assert.equal(waiting.state, 'awaiting-approval');
  assert.deepEqual(changes(), []);
  const post = (planHash: string) =>
    fetch(`${url}/api/v1/cases/${waiting.id}/approve`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ planHash }),
    });
  const wrong = await post('0000000000000000');
  assert.equal(wrong.status, 409);
  assert.match(JSON.stringify(await wrong.json()), /plan-changed/);
  assert.equal((await post(waiting.planHash ?? '')).status, 200);
  const done = await eventually('the approved case', async () => {
    const found = (await casesOf(url)).find(subject => subject.id === waiting.id);
    return found?.endedAt === undefined ? undefined : found;
  });
  assert.equal(done.state, 'verified');
  const planned = waiting.plan?.actions.flatMap(action => action.calls) ?? [];
  assert.equal(changes().length, planned.length);
});
