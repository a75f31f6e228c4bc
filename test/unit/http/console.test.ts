import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { planHash } from '../../../src/core/action.ts';
import { Secret } from '../../../src/core/secret.ts';
import { alert, discard, discarded, holding, play, refused, waitingForApproval } from '../../support/cases.ts';
import { stage, STAGE_NOW } from '../../support/http.ts';

const operator = new Secret('operator-token');
const form = (text: string) => ({ type: 'application/x-www-form-urlencoded', text });

function full(tokens = {}) {
  const it = stage({ tokens });
  it.remediation.stories = [
    waitingForApproval('waits'),
    holding('holds', '10.0.0.77', STAGE_NOW + 600_000),
    discarded('done'),
    refused('no', 'cooldown', 'panos/discard-sessions acted 2m ago'),
  ];
  return it;
}

async function cookieOf(app: ReturnType<typeof full>['app']): Promise<string> {
  const { type, text } = form('token=operator-token');
  const answer = await request(app).post('/login').type(type).send(text).expect(303).expect('Location', '/');
  return (answer.headers['set-cookie'] as unknown as string[])[0]?.split(';')[0] ?? '';
}

test('the overview shows what waits, what is blocked, the devices and the recent cases', async () => {
  const it = full();
  await it.live.observer.observe({ deadlineMs: 10, devices: ['fw-edge'] });
  const { text } = await request(it.app)
    .get('/')
    .expect(200)
    .expect('Content-Type', /^text\/html/);
  for (const part of [
    `<input type="hidden" name="planHash" value="${planHash(discard)}"/>`,
    'request session-discard id 4711 timeout 60 reason unclog on 192.0.2.11',
    '57 % of the packet buffer of dp0 (ingress-backlogs)',
    'share 1 %, below 2 %',
    'action="/blocks/holds/release"',
    `data-until="${STAGE_NOW + 600_000}"`,
    '<span class="pill good">up</span>',
    '<span class="pill quiet">not read yet</span>',
    '<strong>cooldown </strong>panos/discard-sessions acted 2m ago',
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test('a case page shows the plan, what was done, the verdict and the ledger', async () => {
  const { text } = await request(full().app).get('/cases/done').expect(200);
  for (const part of [
    'Proven on the device',
    'session discarded',
    'packet buffer of dp0 fell from 91 % to 34 %',
    '<td>verified</td>',
  ]) {
    assert.ok(text.includes(part), part);
  }
  const missing = await request(full().app).get('/cases/gone').expect(404);
  assert.match(missing.text, /There is no such thing/);
  assert.match(missing.text, /there is no case gone/);
});

test('hostile text is text: it neither becomes markup nor a link that runs', async () => {
  const it = stage();
  const hostile = {
    ...alert,
    labels: { ...alert.labels, alertname: '"><script>alert(1)</script>' },
    annotations: { summary: '<img src=x onerror=alert(1)>', runbook_url: 'javascript:alert(1)' },
  };
  it.remediation.stories = [
    play('x', [{ type: 'refused', reason: 'stale', detail: '<b>late</b>' }], { alert: hostile }),
  ];
  for (const path of ['/', '/cases/x']) {
    const { text } = await request(it.app).get(path).expect(200);
    assert.doesNotMatch(text, /<script>|<img|<b>|href="javascript/);
  }
  const safe = { ...hostile, annotations: { runbook_url: 'https://runbooks.example/x' } };
  it.remediation.stories = [play('x', [], { alert: safe })];
  assert.match(
    (await request(it.app).get('/cases/x')).text,
    /<a href="https:\/\/runbooks.example\/x" rel="noreferrer">/,
  );
});

test('the buttons work without a script, and a refusal is told on a page', async () => {
  const { app, remediation } = full();
  const { type, text } = form(`planHash=${planHash(discard)}`);
  await request(app).post('/cases/waits/approve').type(type).send(text).expect(303).expect('Location', '/cases/waits');
  await request(app).post('/cases/waits/reject').expect(303);
  await request(app).post('/blocks/holds/release').expect(303).expect('Location', '/');
  assert.deepEqual(
    remediation.asked.map(asked => asked.split(' ')[0]),
    ['approve', 'reject', 'release'],
  );
  const stale = await request(app).post('/cases/waits/approve').type(type).send('planHash=0000').expect(409);
  assert.match(stale.text, /<strong>plan-changed <\/strong>the plan is another one now: look again/);
  const none = await request(app).post('/cases/waits/approve').expect(409);
  assert.match(none.text, /That was not done/);
  assert.equal(remediation.asked.length, 3);
});

test('with an operator token the console asks for it, and a session lets in', async () => {
  const { app, remediation } = full({ operator });
  await request(app).get('/').expect(303).expect('Location', '/login');
  await request(app).get('/cases/done').expect(303).expect('Location', '/login');
  await request(app).post('/blocks/holds/release').expect(401);
  assert.match((await request(app).get('/login').expect(200)).text, /Operator token/);
  const { type, text } = form('token=wrong');
  assert.match(
    (await request(app).post('/login').type(type).send(text).expect(401)).text,
    /This is not the operator token\./,
  );

  const cookie = await cookieOf(app);
  assert.match((await request(app).get('/').set('Cookie', cookie).expect(200)).text, /log out/);
  await request(app).get('/api/v1/devices').set('Cookie', cookie).expect(200);
  await request(app).post('/blocks/holds/release').set('Cookie', cookie).expect(303);
  assert.match(remediation.asked[0] ?? '', /^release holds by operator \(console\) from /);
});

test('the session cookie is out of reach of scripts and other sites, and ends', async () => {
  const it = full({ operator });
  const { type, text } = form('token=operator-token');
  const answer = await request(it.app).post('/login').type(type).send(text);
  const [header = ''] = answer.headers['set-cookie'] as unknown as string[];
  assert.match(header, /^unclog_session=\d+\.[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  const cookie = header.split(';')[0] ?? '';
  assert.doesNotMatch(header, /operator-token/);

  const devices = (value: string) => request(it.app).get('/api/v1/devices').set('Cookie', value);
  await devices(cookie).expect(200);
  await devices(`other=1; ${cookie}; x=y`).expect(200);
  await devices(cookie.replace(/=\d/, '=9')).expect(401);
  await devices(`${cookie.slice(0, -1)}A`.replace(cookie, 'unclog_session=1.x')).expect(401);
  await devices('unclog_session=').expect(401);
  await it.clock.advance(12 * 3_600_000);
  await devices(cookie).expect(401);

  const fresh = await cookieOf(it.app);
  it.live = { ...it.live, tokens: { operator: new Secret('another') } };
  await devices(fresh).expect(401);
});

test('a page of another site cannot use the session', async () => {
  const { app, remediation } = full({ operator });
  const cookie = await cookieOf(app);
  for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'null' }]) {
    await request(app).post('/blocks/holds/release').set('Cookie', cookie).set(headers).expect(403);
    await request(app).post('/api/v1/blocks/holds/release').set('Cookie', cookie).set(headers).expect(403);
    const { type, text } = form('token=operator-token');
    await request(app).post('/login').set(headers).type(type).send(text).expect(403);
  }
  assert.deepEqual(remediation.asked, []);
});

test('logging out ends the session in this browser', async () => {
  const { app } = full({ operator });
  const answer = await request(app).post('/logout').expect(303).expect('Location', '/login');
  assert.match((answer.headers['set-cookie'] as unknown as string[])[0] ?? '', /^unclog_session=; Path=\/; Max-Age=0;/);
});

test('without an operator token there is nothing to log in to', async () => {
  await request(full().app).get('/login').expect(303).expect('Location', '/');
  const { type, text } = form('token=');
  await request(full().app).post('/login').type(type).send(text).expect(401);
});

test('scripts and styles come from the service itself', async () => {
  const { app } = stage({ tokens: { operator } });
  for (const [path, type] of [
    ['console.js', /javascript/],
    ['console.css', /text\/css/],
    ['icon.svg', /image\/svg/],
  ] as const) {
    await request(app).get(`/assets/${path}`).expect(200).expect('Content-Type', type);
  }
  assert.ok((await request(app).get('/assets/..%2froutes.ts')).status >= 400);
  const { text } = await request(stage().app).get('/');
  assert.doesNotMatch(text, / style=| onclick=|<script>/);
});
