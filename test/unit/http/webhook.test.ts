import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import request from 'supertest';
import { Secret } from '../../../src/core/secret.ts';
import { WEBHOOK_BODY_MAX } from '../../../src/http/webhook.ts';
import { counted, served, stage, type Stage } from '../../support/http.ts';

const alert = (labels: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'X', device: 'fw-edge', remedy: 'toy/swat', ...labels },
  annotations: {},
  startsAt: '2026-11-21T03:00:00Z',
  fingerprint: '7a95307860d1da7c',
});
const notification = (alerts: unknown[], more: object = {}) =>
  JSON.stringify({ version: '4', groupKey: '{}', truncatedAlerts: 0, alerts, ...more });
const post = (
  { app }: Stage,
  body: string | Buffer,
  type = typeof body === 'string' ? 'application/json' : 'application/octet-stream',
) => request(app).post('/webhook').set('Content-Type', type).send(body);
const message = (answer: { body: unknown }) => (answer.body as { message: string }).message;

test('a notification is handed on, and answered with what became of its alerts', async () => {
  const it = stage();
  const answer = await post(it, notification([alert(), alert({ device: 'srx-vpn' })])).expect(200);
  assert.deepEqual(answer.body, {
    opened: 2,
    repeated: 0,
    resolved: 0,
    withoutRemedy: 0,
    unusable: 0,
    truncated: 0,
  });
  assert.deepEqual(
    it.remediation.received[0]?.map(received => received.labels['device']),
    ['fw-edge', 'srx-vpn'],
  );
  assert.equal(await counted(it.parts, 'unclog_webhook_requests_total', '{code="200"}'), 1);
});

test('whatever Content-Type a proxy made of it, the body is what counts', async () => {
  await post(stage(), notification([alert()]), 'text/plain').expect(200);
});

test('5,000 alerts in one body are taken', async () => {
  const it = stage();
  await post(
    it,
    notification(Array.from({ length: 5_000 }, (_, index) => alert({ address: `10.0.0.${index}` }))),
  ).expect(200);
  assert.equal(it.remediation.received[0]?.length, 5_000);
});

test('alerts that cannot be used are counted and logged, and the good ones beside them are handed on', async () => {
  const it = stage();
  const huge = alert({ device: 'x'.repeat(1_048_576) });
  const answer = await post(it, notification([alert(), huge, 7, { ...alert(), labels: [] }])).expect(200);
  assert.equal((answer.body as { unusable: number }).unusable, 3);
  assert.equal(it.remediation.received[0]?.length, 1);
  const name = 'unclog_webhook_unusable_alerts_total';
  assert.equal(await counted(it.parts, name, '{reason="labels-too-large"}'), 1);
  assert.equal(await counted(it.parts, name, '{reason="shape"}'), 1);
  assert.equal(await counted(it.parts, name, '{reason="labels"}'), 1);
  const logged = it.log.filter(line => line.message === 'alert left out of a notification');
  assert.equal(logged.length, 3);
  assert.ok(JSON.stringify(logged).length < 2_000);
});

test('alerts that Alertmanager cut off are counted and logged', async () => {
  const it = stage();
  const answer = await post(it, notification([alert()], { truncatedAlerts: 3 })).expect(200);
  assert.equal((answer.body as { truncated: number }).truncated, 3);
  assert.equal(await counted(it.parts, 'unclog_webhook_truncated_alerts_total', ''), 3);
  assert.ok(it.log.some(line => line.message.includes('max_alerts') && line.fields['truncated'] === 3));
});

test('a body that is no notification is refused with 400 and the reason', async () => {
  const it = stage();
  const cases: [string | Buffer, RegExp][] = [
    ['', /^the body is not JSON/],
    ['{"version":"4"', /^the body is not JSON/],
    ['<?xml version="1.0"?><alert/>', /^the body is not JSON/],
    [Buffer.from([0xff, 0xfe, 0x00]), /^the body is not UTF-8 text$/],
    [
      notification([], { version: '5' }),
      /^the body has version "5"; Alertmanager's webhook notification of version "4" is expected/,
    ],
    ['['.repeat(50_000), /^the body is not JSON/],
  ];
  for (const [body, expected] of cases) assert.match(message(await post(it, body).expect(400)), expected);
  assert.equal(it.remediation.received.length, 0);
  assert.equal(await counted(it.parts, 'unclog_webhook_requests_total', '{code="400"}'), cases.length);
});

test('when the alerts could not be stored the answer is 503, so that Alertmanager tries again at once', async () => {
  const it = stage();
  it.remediation.storeFails = true;
  const answer = await post(it, notification([alert()])).expect(503);
  assert.deepEqual(answer.body, { error: 'not-stored', message: 'the alerts could not be stored; send them again' });
  assert.ok(it.log.some(line => line.level === 'error' && String(line.fields['error']).includes('SQLITE_FULL')));
});

test('while the service stops the answer is 503', async () => {
  const it = stage();
  it.draining = true;
  const answer = await post(it, notification([alert()])).expect(503);
  assert.deepEqual(answer.body, { error: 'draining', message: 'the service stops; send the alerts again' });
  assert.equal(it.remediation.received.length, 0);
});

test('a body of 16 MiB is taken, and a larger one is refused with what to do about it', async () => {
  const it = stage();
  const frame = notification([alert()]);
  const padded = (size: number) => frame.replace('"{}"', `"${'x'.repeat(size - frame.length + 2)}"`);
  await served(it.app, async url => {
    const send = (body: string) => fetch(`${url}/webhook`, { method: 'POST', body });
    assert.equal((await send(padded(WEBHOOK_BODY_MAX))).status, 200);
    const answer = await send(padded(WEBHOOK_BODY_MAX + 1));
    assert.equal(answer.status, 413);
    assert.deepEqual(await answer.json(), {
      error: 'body-too-large',
      message: 'the body has 16777217 bytes, 16777216 are allowed: set max_alerts, or group by more labels',
    });
  });
  assert.equal(await counted(it.parts, 'unclog_webhook_requests_total', '{code="413"}'), 1);
});

test('a compressed body is refused: it could unpack to anything', async () => {
  const answer = await request(stage().app).post('/webhook').set('Content-Encoding', 'gzip').send('x').expect(415);
  assert.equal(message(answer), 'content encoding unsupported');
});

test('a stranger is refused before the body is read', async () => {
  const it = stage({ tokens: { webhook: new Secret('right') } });
  await served(it.app, async url => {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16000000\r\n\r\n{');
    const head = await new Promise<string>(resolve => socket.once('data', data => resolve(data.toString())));
    socket.destroy();
    assert.match(head, /^HTTP\/1.1 401 /);
  });
  const answer = await post(it, notification([alert()]))
    .set('Authorization', 'Bearer wrong')
    .expect(401);
  assert.equal(message(answer), 'the webhook token is wrong');
  await post(it, notification([alert()]))
    .set('Authorization', 'Bearer right')
    .expect(200);
  assert.equal(await counted(it.parts, 'unclog_webhook_requests_total', '{code="401"}'), 2);
});

test('the webhook takes POST only', async () => {
  await request(stage().app).get('/webhook').expect(404);
});
