import assert from 'node:assert/strict';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import request from 'supertest';
import { planHash } from '../../../src/core/action.ts';
import { DeviceUnreachable } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { eventText } from '../../../src/http/api/events.ts';
import { alert, block, discard, discarded, holding, refused, waitingForApproval } from '../../support/cases.ts';
import { served, stage, STAGE_NOW } from '../../support/http.ts';

const message = (answer: { body: unknown }) => (answer.body as { message: string }).message;

function full() {
  const it = stage();
  it.remediation.stories = [
    waitingForApproval('waits'),
    holding('holds', '10.0.0.77', STAGE_NOW + 600_000),
    discarded('done'),
    refused('no', 'cooldown', 'acted 2m ago'),
  ];
  return it;
}

test('the API is for operators', async () => {
  const { app } = stage({ tokens: { operator: new Secret('o') } });
  for (const path of ['devices', 'blocks', 'cases', 'events', 'nothing']) {
    await request(app).get(`/api/v1/${path}`).expect(401);
  }
  await request(app)
    .get('/api/v1/devices')
    .set('Authorization', 'Bearer o')
    .expect(200)
    .expect('Cache-Control', 'no-store');
  await request(app).get('/api/v1/nothing').set('Authorization', 'Bearer o').expect(404);
});

test('devices tell how they stood when they were last read', async () => {
  const it = stage();
  const before = await request(it.app).get('/api/v1/devices').expect(200);
  assert.equal((before.body as { devices: { up: unknown }[] }).devices[0]?.up, null);
  await it.live.observer.observe({ deadlineMs: 10 });
  const after = await request(it.app).get('/api/v1/devices').expect(200);
  assert.deepEqual((after.body as { devices: unknown[] }).devices[0], {
    name: 'fw-edge',
    driver: 'toy',
    addresses: ['https://192.0.2.11'],
    remedies: ['toy/swat'],
    up: true,
    collectors: [{ name: 'heat-cpu', cadence: 'scrape', success: true, durationMs: 0, lastSuccessAt: STAGE_NOW }],
  });
});

test('cases are listed and filtered, without what a driver notes for itself', async () => {
  const { app } = full();
  const all = await request(app).get('/api/v1/cases').expect(200);
  const ids = (answer: { body: unknown }) => (answer.body as { cases: { id: string }[] }).cases.map(found => found.id);
  assert.deepEqual(ids(all), ['waits', 'holds', 'done', 'no']);
  assert.doesNotMatch(all.text, /driver data/);
  assert.match(all.text, /request session-discard id 4711/);
  assert.deepEqual(ids(await request(app).get('/api/v1/cases?state=refused')), ['no']);
  assert.deepEqual(ids(await request(app).get('/api/v1/cases?remedy=panos/block-quota&limit=5')), ['holds']);
  assert.deepEqual(ids(await request(app).get('/api/v1/cases?device=other')), []);
  const wrong = await request(app).get('/api/v1/cases?state=asleep&limit=0&x=1').expect(400);
  assert.match(message(wrong), /^state: .*"received"\|"refused".*; limit: .*>=1; query: Unrecognized key: "x"$/);
});

test('a case comes with its ledger entries, and an unknown one is 404', async () => {
  const { app } = full();
  const answer = await request(app).get('/api/v1/cases/done').expect(200);
  const { case: found, entries } = answer.body as { case: { outcome: string }; entries: { event: { type: string } }[] };
  assert.equal(found.outcome, 'effective');
  assert.deepEqual(
    entries.map(entry => entry.event.type),
    ['received', 'intended', 'calling', 'called', 'applied', 'verified'],
  );
  assert.doesNotMatch(answer.text, /driver data/);
  const unknown = await request(app).get('/api/v1/cases/gone').expect(404);
  assert.deepEqual(unknown.body, { error: 'refusal', reason: 'unknown-case', message: 'there is no case gone' });
});

test('a plan is approved by its hash only, and the ledger learns by whom', async () => {
  const { app, remediation } = full();
  const hash = planHash(discard);
  const approve = (body: object) => request(app).post('/api/v1/cases/waits/approve').send(body);
  await approve({ planHash: hash }).expect(200);
  assert.match(
    remediation.asked[0] ?? '',
    new RegExp(`^approve waits ${hash} by operator \\(loopback\\) from .*127.0.0.1$`),
  );
  const other = await approve({ planHash: '0'.repeat(16) }).expect(409);
  assert.deepEqual(other.body, {
    error: 'refusal',
    reason: 'plan-changed',
    message: 'the plan is another one now: look again',
  });
  assert.match(message(await approve({}).expect(400)), /^planHash: /);
  assert.match(
    message(await approve({ planHash: 'yes' }).expect(400)),
    /^planHash: the 16 hex digits of the plan shown$/,
  );
  assert.match(message(await approve({ planHash: hash, force: true }).expect(400)), /Unrecognized key: "force"/);
  const broken = await request(app).post('/api/v1/cases/waits/approve').type('json').send('{').expect(400);
  assert.match(message(broken), /JSON/);
});

test('a plan is rejected, a block released, and what holds nothing cannot be released', async () => {
  const { app, remediation } = full();
  await request(app).post('/api/v1/cases/waits/reject').send({}).expect(200);
  await request(app).post('/api/v1/blocks/holds/release').expect(200);
  assert.equal(remediation.asked.length, 2);
  const answer = await request(app).post('/api/v1/blocks/done/release').expect(409);
  assert.deepEqual(answer.body, { error: 'refusal', reason: 'not-holding', message: 'case done holds nothing' });
  const list = await request(app).get('/api/v1/blocks').expect(200);
  assert.deepEqual(
    (list.body as { blocks: { id: string; dueAt: number }[] }).blocks.map(({ id, dueAt }) => [id, dueAt]),
    [['holds', STAGE_NOW + 600_000]],
  );
});

test('a preview shows what would be done now', async () => {
  const { app, remediation } = full();
  remediation.next = { kind: 'plan', plan: block, planHash: planHash(block), mode: 'dry-run' };
  const ask = (body: object) => request(app).post('/api/v1/plan').send(body);
  const base = { remedy: 'panos/block-quota', device: 'fw-edge' };
  const answer = await ask({ ...base, target: { kind: 'address', value: '10.0.0.77' } }).expect(200);
  assert.equal((answer.body as { planHash: string }).planHash, planHash(block));
  assert.deepEqual(remediation.asked, ['preview panos/block-quota fw-edge {"kind":"address","value":"10.0.0.77"}']);
  await ask(base).expect(200);
  assert.equal(remediation.asked[1], 'preview panos/block-quota fw-edge {"kind":"device"}');

  const wrong: [object, number, RegExp][] = [
    [{ ...base, device: 'gone' }, 404, /^"gone" is not a configured device; configured are: fw-edge, srx-vpn$/],
    [
      { ...base, target: { kind: 'address', value: '010.0.0.1' } },
      400,
      /^target.value: "010.0.0.1" is not an address$/,
    ],
    [{ ...base, target: { kind: 'host', value: 'x' } }, 400, /^target.kind: /],
    [{ device: 'fw-edge' }, 400, /^remedy: /],
  ];
  for (const [body, status, expected] of wrong) assert.match(message(await ask(body).expect(status)), expected);
});

test('a device that cannot be reached for a preview is told as such', async () => {
  const { app, remediation } = full();
  remediation.preview = () =>
    Promise.reject(new DeviceUnreachable({ device: 'fw-edge', tried: 'show session info', found: 'no answer' }));
  const answer = await request(app).post('/api/v1/plan').send({ remedy: 'a/b', device: 'fw-edge' }).expect(502);
  assert.deepEqual(answer.body, { error: 'unreachable', message: 'fw-edge: show session info: no answer' });
});

async function open(
  url: string,
): Promise<{ answer: IncomingMessage; text: () => string; until: (part: string) => Promise<void> }> {
  const answer = await new Promise<IncomingMessage>(resolve => httpGet(url, resolve));
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const until = async (part: string) => {
    while (!text.includes(part)) await new Promise(resolve => answer.once('data', resolve));
  };
  return { answer, text: () => text, until };
}

test('what happens is told live, with a heartbeat, to as many as are bearable', async () => {
  const it = stage();
  await served(it.app, async url => {
    const first = await open(`${url}/api/v1/events`);
    assert.equal(first.answer.headers['content-type'], 'text/event-stream');
    await first.until('retry: 3000');
    it.parts.bus.tell({ kind: 'alert', at: 1, alert, fate: 'opened' });
    await first.until('event: alert\ndata: {"kind":"alert","at":1,');
    await it.clock.advance(15_000);
    await first.until(': still here');

    const others = await Promise.all(Array.from({ length: 49 }, () => open(`${url}/api/v1/events`)));
    const late = await open(`${url}/api/v1/events`);
    assert.equal(late.answer.statusCode, 503);
    await late.until('50 clients watch already; close one of them');
    for (const other of others) other.answer.destroy();
    let status: number | undefined = 503;
    while (status === 503) {
      await new Promise(resolve => setImmediate(resolve));
      const again = await open(`${url}/api/v1/events`);
      status = again.answer.statusCode;
      again.answer.destroy();
    }
    assert.equal(status, 200);
  });
});

test('an event of a case is one line of JSON, without what a driver notes for itself', () => {
  const { case: subject, events } = discarded('x');
  for (const { at, event } of events) {
    const text = eventText({ kind: 'case', at, case: subject, event });
    assert.match(text, /^event: case\ndata: \{.*\}\n\n$/);
    assert.doesNotMatch(text, /driver data/);
  }
});
