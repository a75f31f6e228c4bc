import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { parse, stringify } from 'yaml';
import type { App } from '../../src/app/app.ts';
import {
  alertOf,
  casesOf,
  eventually,
  type Ground,
  notificationOf,
  postWebhook,
  prepareGround,
  runCli,
  serveHere,
} from '../support/service.ts';

let ground: Ground;
let app: App | undefined;

beforeEach(async () => {
  ground = await prepareGround({ remedies: { 'panos/discard-sessions': { mode: 'auto' } } });
});

afterEach(async () => {
  await app?.stop();
  app = undefined;
  await ground.clear();
});

interface FileShape {
  devices: { addresses: string[]; credentials: object; tls: object }[];
  server?: object;
}

/** Changes the configuration file by hand, as a user would. */
async function edit(change: (config: FileShape) => void): Promise<void> {
  const config = parse(await readFile(ground.configFile, 'utf8')) as FileShape;
  change(config);
  await writeFile(ground.configFile, stringify(config));
}

async function metricsOf(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** What the case of one alert ends with. */
async function ending(url: string) {
  assert.equal((await postWebhook(url, notificationOf(alertOf({})))).status, 200);
  return eventually('the case to move', async () => {
    const [subject] = await casesOf(url);
    return subject?.detail === undefined ? undefined : subject;
  });
}

test('a bad configuration is refused with every problem at once, each with its line', async () => {
  const file = join(ground.folder, 'bad.yml');
  await writeFile(
    file,
    'stores: sqlite:x.db\ndevices:\n  - name: fw\n    driver: panoz\n    addresses: [https://192.0.2.1]\nguards:\n  max_alert_age: soon\n',
  );
  const { code, stdout } = await runCli(['config', 'check', file]);
  assert.equal(code, 2);
  assert.match(stdout, /bad\.yml:1:\d+: stores: .*store/);
  assert.match(stdout, /bad\.yml:4:\d+: devices\[0\]\.driver: .*panoz.*panos/);
  assert.match(stdout, /bad\.yml:7:\d+: guards\.max_alert_age: found "soon"; a duration/);
  const served = await runCli(['serve', '--config.file', file, '--web.listen-address', '127.0.0.1:0']);
  assert.equal(served.code, 2);
  assert.match(served.stderr, /bad\.yml:7:/);
});

test('a reload of a bad file keeps the old configuration and says so', async () => {
  app = await serveHere(ground);
  const before = await readFile(ground.configFile, 'utf8');
  await writeFile(ground.configFile, 'devices: 7\n');
  const answer = await fetch(`${app.url}/-/reload`, { method: 'POST' });
  assert.equal(answer.status, 422);
  assert.match(await answer.text(), /unclog\.yml:1:\d+: devices/);
  assert.match(await metricsOf(app.url), /^unclog_config_last_reload_successful 0$/m);
  assert.match(await metricsOf(app.url), /unclog_device_up\{device="fw-edge",driver="panos"\} 1/);
  await writeFile(ground.configFile, before);
  assert.equal((await fetch(`${app.url}/-/reload`, { method: 'POST' })).status, 200);
  assert.match(await metricsOf(app.url), /^unclog_config_last_reload_successful 1$/m);
});

test('a wrong token is answered with 401 and nothing is stored', async () => {
  for (const name of ['webhook', 'operator', 'scrape']) {
    await writeFile(join(ground.folder, `${name}.token`), `${name}-secret-token\n`);
    await chmod(join(ground.folder, `${name}.token`), 0o600);
  }
  await edit(config => {
    config.server = {
      webhook_token_file: 'webhook.token',
      operator_token_file: 'operator.token',
      scrape_token_file: 'scrape.token',
    };
  });
  app = await serveHere(ground);
  const { url } = app;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const body = notificationOf(alertOf({}));
  assert.equal((await postWebhook(url, body)).status, 401);
  assert.equal((await postWebhook(url, body, bearer('wrong'))).status, 401);
  assert.equal((await postWebhook(url, body, bearer('operator-secret-token'))).status, 401, 'another scope');
  assert.equal((await fetch(`${url}/metrics`)).status, 401);
  assert.equal((await fetch(`${url}/metrics`, { headers: bearer('scrape-secret-token') })).status, 200);
  assert.equal((await fetch(`${url}/api/v1/cases`, { headers: bearer('webhook-secret-token') })).status, 401);
  const answer = await fetch(`${url}/api/v1/cases`, { headers: bearer('operator-secret-token') });
  assert.deepEqual(((await answer.json()) as { cases: unknown[] }).cases, []);
  assert.equal((await postWebhook(url, body, bearer('webhook-secret-token'))).status, 200);
  const config = await (await fetch(`${url}/config`, { headers: bearer('operator-secret-token') })).text();
  assert.doesNotMatch(config, /secret-token/);
});

test('beyond loopback the service refuses to start without tokens', async () => {
  const { code, stderr } = await runCli([
    'serve',
    '--config.file',
    ground.configFile,
    '--web.listen-address',
    '0.0.0.0:0',
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /server\.webhook_token_file: missing; .*beyond loopback this token is required/);
  assert.match(stderr, /server\.operator_token_file: missing/);
});

test('a body that is too large is answered with 413 and the limit', async () => {
  app = await serveHere(ground);
  const answer = await postWebhook(app.url, `{"version":"4","alerts":[],"x":"${'a'.repeat(40_000_000)}"}`);
  assert.equal(answer.status, 413);
  assert.match(await answer.text(), /16777216 are allowed/);
});

test('a body that is no notification is answered with 400 and what was expected', async () => {
  app = await serveHere(ground);
  const wrongVersion = await postWebhook(app.url, { ...notificationOf(), version: '3' });
  assert.equal(wrongVersion.status, 400);
  assert.match(await wrongVersion.text(), /version/);
  const notJson = await postWebhook(app.url, 'not JSON');
  assert.equal(notJson.status, 400);
  assert.match(await notJson.text(), /JSON/);
});

test('an unreachable device is down in the metrics and told in the case', async () => {
  await edit(config => {
    for (const device of config.devices) device.addresses = ['https://127.0.0.1:9'];
  });
  app = await serveHere(ground);
  assert.match(await metricsOf(app.url), /unclog_device_up\{device="fw-edge",driver="panos"\} 0/);
  const subject = await ending(app.url);
  assert.match(subject.detail ?? '', /fw-edge: show high-availability state on 127\.0\.0\.1: connection refused/);
  const probed = await runCli(['probe', 'fw-edge', '--config.file', ground.configFile]);
  assert.equal(probed.code, 1);
  assert.match(probed.stdout, /unclog_collector_success\{device="fw-edge",collector="system"\} 0/);
});

test('wrong credentials fail the case with what to change, and are not tried again and again', async () => {
  await writeFile(join(ground.folder, 'wrong.pw'), 'not the password\n', { mode: 0o600 });
  await edit(config => {
    for (const device of config.devices) device.credentials = { username: 'unclog', password_file: 'wrong.pw' };
  });
  app = await serveHere(ground);
  const subject = await ending(app.url);
  assert.equal(subject.state, 'failed');
  assert.equal(subject.reason, 'refused-by-device');
  assert.match(subject.detail ?? '', /credential/i);
  assert.doesNotMatch(JSON.stringify(subject), /not the password/);
  for (let scrape = 0; scrape < 5; scrape += 1) await metricsOf(app.url);
  const logins =
    ground.fleet
      .device('fw-edge')
      ?.calls()
      .filter(call => call['type'] === 'keygen') ?? [];
  assert.ok(logins.length <= 2, `one login for each member, and no more: ${logins.length}`);
});

test('an untrusted certificate is refused and the message says what to do', async () => {
  await edit(config => {
    for (const device of config.devices) device.tls = {};
  });
  app = await serveHere(ground);
  const subject = await ending(app.url);
  assert.equal(subject.state, 'failed');
  assert.match(subject.detail ?? '', /certificate/);
  assert.match(subject.detail ?? '', /ca_file|fingerprint_sha256/);
  assert.equal(ground.fleet.device('fw-edge')?.calls().length, 0, 'no request was sent');
});

test('5,000 alerts in one body are stored and answered', async () => {
  app = await serveHere(ground);
  const alerts = Array.from({ length: 5_000 }, (_, index) =>
    alertOf({ device: `unknown-${index}` }, { fingerprint: index.toString(16).padStart(16, '0') }),
  );
  const started = performance.now();
  assert.equal((await postWebhook(app.url, notificationOf(...alerts))).status, 200);
  assert.ok(performance.now() - started < 10_000, 'well within the time that Alertmanager waits');
  const metrics = await (await fetch(`${app.url}/metrics?scope=self`)).text();
  assert.match(metrics, /unclog_alert_fates_total\{fate="opened"\} 5000/);
});

test('hostile labels never reach a device, a page or a query, and good alerts beside them count', async () => {
  app = await serveHere(ground);
  const { url } = app;
  const device = ground.fleet.device('fw-edge');
  device?.makeTrouble({ kind: 'abuse', sessions: 1, raiseTo: 92 });
  const xml = '</id></session-discard></request><request><restart><system/></restart></request>';
  const hostile = [
    alertOf({ device: xml }),
    alertOf({ device: 'fw-edge\nfw-core' }),
    alertOf({ address: xml }),
    alertOf({ alertname: '<script>alert(1)</script>' }, { fingerprint: '0000000000000001' }),
    alertOf({ note: 'x'.repeat(1_000_000) }),
    { ...alertOf({}), labels: { device: 7, remedy: ['a'] } },
    { ...alertOf({}), startsAt: 'yesterday' },
    { ...alertOf({}), labels: null },
    'not an object',
  ];
  assert.equal((await postWebhook(url, notificationOf(...(hostile as object[])))).status, 200);
  await eventually('the one good alert to be mended', async () => {
    const cases = await casesOf(url);
    return cases.some(subject => subject.state === 'verified') ? true : undefined;
  });
  const commands = device?.calls().map(call => JSON.stringify(call['command'])) ?? [];
  assert.ok(commands.every(command => !command.includes('restart')));
  const page = await (await fetch(`${url}/`)).text();
  assert.doesNotMatch(page, /<script>alert/);
});
