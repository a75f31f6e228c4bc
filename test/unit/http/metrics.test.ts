import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import request from 'supertest';
import { systemClock } from '../../../src/core/clock.ts';
import { Secret } from '../../../src/core/secret.ts';
import { scrapeDeadline } from '../../../src/http/deadline.ts';
import { acceptedFormat } from '../../../src/http/send-exposition.ts';
import { heatOf, served, stage } from '../../support/http.ts';
import { collector, device } from '../../support/observed.ts';

const PROMETHEUS_2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,/;q=0.1';

test('/metrics gives the service and every device, in the text format unless asked otherwise', async () => {
  const answer = await request(stage().app).get('/metrics').expect(200);
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.match(answer.text, /^unclog_build_info\{version="0.1.0"/m);
  assert.match(answer.text, /^toy_heat_celsius\{device="fw-edge",part="cpu"\} 41$/m);
  assert.match(answer.text, /^toy_heat_celsius\{device="srx-vpn",part="cpu"\} 37$/m);
});

test('/metrics?scope=self leaves the devices out, and another scope is an error that says what is allowed', async () => {
  const { app } = stage();
  const answer = await request(app).get('/metrics?scope=self').expect(200);
  assert.match(answer.text, /unclog_build_info/);
  assert.doesNotMatch(answer.text, /device="/);
  const wrong = await request(app).get('/metrics?scope=all').expect(400);
  assert.deepEqual(wrong.body, {
    error: 'bad-request',
    message: 'scope can only be "self"; leave it away for the service and every device',
  });
});

test('Prometheus gets OpenMetrics, gzipped, when it asks for them', async () => {
  await served(stage().app, async url => {
    const answer = await fetch(`${url}/metrics`, { headers: { accept: PROMETHEUS_2, 'accept-encoding': 'gzip' } });
    assert.equal(answer.headers.get('content-type'), 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.equal(answer.headers.get('content-encoding'), 'gzip');
    assert.match(await answer.text(), /# EOF\n$/);
  });
});

test('without Accept-Encoding the page is plain', async () => {
  const answer = await request(stage().app).get('/metrics?scope=self').set('Accept-Encoding', 'identity');
  assert.equal(answer.headers['content-encoding'], undefined);
  const zipped = await request(stage().app)
    .get('/metrics?scope=self')
    .set('Accept-Encoding', 'gzip')
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    });
  // superagent has unzipped it already when it could; either way the text is whole.
  const body = zipped.body as Buffer;
  const text = body[0] === 0x1f ? gunzipSync(body).toString() : body.toString();
  assert.match(text, /unclog_build_info/);
});

test('the format follows Accept', () => {
  const cases: [string, string][] = [
    ['', 'text'],
    ['*/*', 'text'],
    ['text/html,application/xhtml+xml', 'text'],
    [PROMETHEUS_2, 'openmetrics'],
    [PROMETHEUS_3, 'openmetrics'],
    ['text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5', 'text'],
    ['application/openmetrics-text;version=2.0.0', 'text'],
    ['application/openmetrics-text; version=1.0.0; q=0', 'text'],
    ['application/openmetrics-text;q=x', 'text'],
  ];
  for (const [accept, format] of cases) assert.equal(acceptedFormat(accept), format, accept);
});

test('the deadline is half a second before that of Prometheus, and never nothing', () => {
  const cases: [string | undefined, number][] = [
    ['10', 9_500],
    ['0.9', 450],
    ['0.1', 50],
    [undefined, 120_000],
    ['', 120_000],
    ['soon', 120_000],
    ['-3', 120_000],
    ['1e9', 120_000],
  ];
  for (const [header, ms] of cases) assert.equal(Math.round(scrapeDeadline(header)), ms, header);
});

test('a device that does not answer leaves its mark in time, with 200 and the other devices', async () => {
  const hangs = collector('hangs', () => new Promise(() => undefined));
  const { app } = stage({ observed: [device('fw-edge', heatOf('cpu', 41)), device('slow', hangs)] }, systemClock);
  await served(app, async url => {
    const began = performance.now();
    const answer = await fetch(`${url}/metrics`, { headers: { 'x-prometheus-scrape-timeout-seconds': '0.7' } });
    const text = await answer.text();
    assert.ok(performance.now() - began < 700);
    assert.equal(answer.status, 200);
    assert.match(text, /^unclog_device_up\{device="slow",driver="toy"\} 0$/m);
    assert.match(text, /^toy_heat_celsius\{device="fw-edge",part="cpu"\} 41$/m);
  });
});

test('/probe gives one device and nothing of the service', async () => {
  const answer = await request(stage().app).get('/probe?target=fw-edge').expect(200);
  assert.match(answer.text, /toy_heat_celsius\{device="fw-edge",part="cpu"\} 41/);
  assert.doesNotMatch(answer.text, /srx-vpn|unclog_build_info|process_/);
});

test('/probe can be told which collectors to run', async () => {
  const { app } = stage({
    observed: [
      device(
        'fw',
        heatOf('cpu', 1),
        collector('other', async () => []),
      ),
    ],
  });
  const answer = await request(app).get('/probe?target=fw&collector=other').expect(200);
  assert.match(answer.text, /collector="other"/);
  assert.doesNotMatch(answer.text, /collector="heat-cpu"/);
});

test('/probe refuses what is not configured, and says what is', async () => {
  const { app } = stage();
  const cases: [string, number, string][] = [
    ['/probe', 400, 'target is missing: name one configured device, as ?target=NAME; configured are: fw-edge, srx-vpn'],
    [
      '/probe?target=a&target=b',
      400,
      'target is missing: name one configured device, as ?target=NAME; configured are: fw-edge, srx-vpn',
    ],
    ['/probe?target=192.0.2.99', 404, '"192.0.2.99" is not a configured device; configured are: fw-edge, srx-vpn'],
    [
      '/probe?target=https://169.254.169.254/',
      404,
      '"https://169.254.169.254/" is not a configured device; configured are: fw-edge, srx-vpn',
    ],
    ['/probe?target=fw-edge&collector=heat-cpu,rm', 400, 'fw-edge has no collector "rm"; it has: heat-cpu'],
  ];
  for (const [path, status, message] of cases) {
    const answer = await request(app).get(path).expect(status);
    assert.equal((answer.body as { message: string }).message, message);
  }
});

test('/probe?debug=true shows the log, the metrics and the configuration without secrets', async () => {
  const fails = collector('fails', () => Promise.reject(new Error('connection refused')));
  const { app } = stage({ observed: [device('fw', heatOf('cpu', 41), fails)] });
  const answer = await request(app).get('/probe?target=fw&debug=true').expect(200);
  assert.match(answer.headers['content-type'] ?? '', /^text\/plain/);
  assert.match(answer.text, /warn collector failed .*"error":"connection refused"/);
  assert.match(answer.text, /toy_heat_celsius\{device="fw",part="cpu"\} 41/);
  assert.match(answer.text, /password: <secret>/);
  assert.doesNotMatch(answer.text, /never shown/);
});

test('the debug page is for operators', async () => {
  const tokens = { scrape: new Secret('scrape-token'), operator: new Secret('operator-token') };
  const { app } = stage({ tokens });
  await request(app).get('/probe?target=fw-edge').set('Authorization', 'Bearer scrape-token').expect(200);
  await request(app).get('/probe?target=fw-edge&debug=true').set('Authorization', 'Bearer scrape-token').expect(401);
  await request(app).get('/probe?target=fw-edge&debug=true').set('Authorization', 'Bearer operator-token').expect(200);
});

test('/sd lists the devices as http_sd reads them', async () => {
  const answer = await request(stage().app)
    .get('/sd')
    .expect(200)
    .expect('Content-Type', /^application\/json/);
  assert.deepEqual(answer.body, [
    { targets: ['fw-edge'], labels: { __meta_unclog_device: 'fw-edge', __meta_unclog_driver: 'toy' } },
    { targets: ['srx-vpn'], labels: { __meta_unclog_device: 'srx-vpn', __meta_unclog_driver: 'toy' } },
  ]);
});
