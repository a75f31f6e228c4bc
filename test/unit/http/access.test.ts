import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { ConfigError } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { checkExposure } from '../../../src/http/exposure.ts';
import { parseListenAddress, type ListenAddress } from '../../../src/http/listen-address.ts';
import { hostOf, isLoopback } from '../../../src/http/loopback.ts';
import { stage } from '../../support/http.ts';

const tokens = { scrape: new Secret('s'), webhook: new Secret('w'), operator: new Secret('o') };
const message = (answer: { body: unknown }) => (answer.body as { message: string }).message;
const alice = {
  headers: {},
  hasUsers: true,
  admits: async (user: string, password: string) => user === 'alice' && password === 'a:b',
};
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test('each scope takes its own token and no other', async () => {
  const { app } = stage({ tokens });
  const scopes: [string, string, string][] = [
    ['get', '/metrics', 's'],
    ['get', '/sd', 's'],
    ['post', '/webhook', 'w'],
    ['get', '/config', 'o'],
    ['post', '/-/reload', 'o'],
  ];
  for (const [method, path, right] of scopes) {
    for (const token of ['s', 'w', 'o', '', 'S', 'ss']) {
      const answer = await request(app)[method as 'get' | 'post'](path).set('Authorization', `Bearer ${token}`);
      assert.equal(answer.status === 401, token !== right, `${path} with "${token}": ${answer.status}`);
    }
  }
});

test('a missing or wrong token is told apart, and how to send it', async () => {
  const { app } = stage({ tokens });
  const none = await request(app).get('/metrics').expect(401).expect('WWW-Authenticate', 'Bearer realm="unclog"');
  assert.equal(message(none), 'the scrape token is missing: send it as "Authorization: Bearer …"');
  const wrong = await request(app).get('/metrics').set('Authorization', 'Bearer x').expect(401);
  assert.equal(message(wrong), 'the scrape token is wrong');
});

test('without a token a scope is open to loopback, by a name of loopback only', async () => {
  const { app } = stage();
  await request(app).get('/metrics').expect(200);
  await request(app).get('/metrics').set('Host', 'localhost:10933').expect(200);
  const rebound = await request(app).get('/config').set('Host', 'evil.example:10933').expect(403);
  assert.equal(
    message(rebound),
    'no operator token is configured, so only loopback may use this: set server.operator_token_file',
  );
});

test('a page of another origin cannot make a browser on loopback act', async () => {
  const { app } = stage();
  const tries: Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
    { 'Sec-Fetch-Site': 'same-site' },
  ];
  for (const headers of tries) {
    for (const path of ['/-/reload', '/webhook']) {
      const answer = await request(app).post(path).set(headers).send('{}').expect(403);
      assert.match(message(answer), /^a page of another origin may not send this/);
    }
  }
  await request(app).post('/-/reload').set('Sec-Fetch-Site', 'same-origin').expect(200);
  await request(app).post('/-/reload').expect(200);
});

test('a user of the web configuration file may scrape and hand in alerts, but an operator token stays the only key', async () => {
  const { app } = stage({ tokens: { operator: new Secret('o') }, web: () => alice });
  await request(app).get('/metrics').set('Authorization', basic('alice:a:b')).expect(200);
  const wrong = await request(app).get('/metrics').set('Authorization', basic('alice:x')).expect(401);
  assert.equal(message(wrong), 'the user or the password is wrong');
  assert.match(wrong.headers['www-authenticate'] ?? '', /^Basic realm="unclog"/);
  const none = await request(app).get('/metrics').expect(401);
  assert.equal(message(none), 'a user and password are needed');
  const operator = await request(app).get('/config').set('Authorization', basic('alice:a:b')).expect(401);
  assert.equal(message(operator), 'the operator token is missing: send it as "Authorization: Bearer …"');
  await request(app).get('/config').set('Authorization', 'Bearer o').expect(200);
});

test('health and readiness are open to all', async () => {
  const it = stage({ tokens, web: () => alice });
  assert.equal((await request(it.app).get('/-/healthy').expect(200)).text, 'unclog is healthy\n');
  assert.equal((await request(it.app).get('/-/ready').expect(200)).text, 'unclog is ready\n');
  it.ready = false;
  assert.equal((await request(it.app).get('/-/ready').expect(503)).text, 'unclog is not ready yet\n');
  it.draining = true;
  assert.equal((await request(it.app).get('/-/ready').expect(503)).text, 'unclog stops\n');
});

test('a reload answers with every problem of the file, and takes POST only', async () => {
  const it = stage();
  await request(it.app).post('/-/reload').expect(200, { reloaded: true });
  const problem = { file: 'unclog.yml', line: 3, column: 5, path: 'devices[0].name', message: 'found ""' };
  it.reload = () => Promise.reject(new ConfigError([problem, { ...problem, line: 9, path: 'guards.never[0]' }]));
  const answer = await request(it.app).post('/-/reload').expect(422);
  assert.deepEqual(answer.body, {
    error: 'config',
    message: 'unclog.yml:3:5: devices[0].name: found ""\nunclog.yml:9:5: guards.never[0]: found ""',
  });
  const wrong = await request(it.app).get('/-/reload').expect(405).expect('Allow', 'POST');
  assert.equal(message(wrong), 'reload takes POST');
});

test('/config shows the configuration in force, without secrets', async () => {
  const config = {
    store: 'sqlite:x',
    server: { operator_token_file: 'op.token' },
    inner: { key: new Secret('k'), password: 'p' },
  };
  const answer = await request(stage({ config }).app).get('/config').expect(200);
  assert.equal(
    answer.text,
    'store: sqlite:x\nserver:\n  operator_token_file: op.token\ninner:\n  key: <secret>\n  password: <secret>\n',
  );
});

test('what fails inside is logged, and told to the client without details', async () => {
  const it = stage();
  it.reload = () => Promise.reject(new Error('secret path /etc/x'));
  const answer = await request(it.app).post('/-/reload').expect(500);
  assert.deepEqual(answer.body, {
    error: 'internal',
    message: 'the service failed on this request; its log tells more',
  });
  assert.ok(it.log.some(line => line.message === 'request failed' && line.fields['error'] === 'secret path /etc/x'));
});

test('every answer keeps to its own origin, and the web configuration file can add headers', async () => {
  const web = { ...alice, hasUsers: false, headers: { 'Strict-Transport-Security': 'max-age=1' } };
  const answer = await request(stage({ web: () => web }).app)
    .get('/nowhere')
    .expect(404);
  assert.equal(message(answer), 'there is nothing at GET /nowhere');
  assert.match(answer.headers['content-security-policy'] ?? '', /^default-src 'none'; script-src 'self'/);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.equal(answer.headers['strict-transport-security'], 'max-age=1');
  assert.equal(answer.headers['x-powered-by'], undefined);
});

test('beyond loopback the service does not start without a webhook and an operator token', () => {
  const everywhere: ListenAddress = { host: '', port: 10_933 };
  assert.throws(
    () => checkExposure(everywhere, { scrape: new Secret('s') }, 'unclog.yml'),
    error =>
      error instanceof ConfigError &&
      error.message ===
        'unclog.yml:1:1: server.webhook_token_file: missing; the service listens on every address, and beyond loopback this token is required: set it, or listen on 127.0.0.1\n' +
          'unclog.yml:1:1: server.operator_token_file: missing; the service listens on every address, and beyond loopback this token is required: set it, or listen on 127.0.0.1',
  );
  const { webhook, operator } = tokens;
  assert.throws(() => checkExposure({ host: '192.0.2.1', port: 1 }, { webhook }, 'f'), /operator_token_file/);
  checkExposure(everywhere, { webhook, operator }, 'f');
  checkExposure({ host: '127.0.0.1', port: 1 }, {}, 'f');
  checkExposure({ host: '::1', port: 1 }, {}, 'f');
});

test('listen addresses and hosts are read strictly', () => {
  assert.deepEqual(parseListenAddress('127.0.0.1:10933'), { host: '127.0.0.1', port: 10_933 });
  assert.deepEqual(parseListenAddress(':10933'), { host: '', port: 10_933 });
  assert.deepEqual(parseListenAddress('[::1]:0'), { host: '::1', port: 0 });
  for (const text of ['', '10933', 'host', 'host:', 'host:65536', '::1:80', 'http://x:1', 'a b:1']) {
    assert.equal(parseListenAddress(text), undefined, text);
  }
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1']) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of [
    '',
    '0.0.0.0',
    '::',
    '192.0.2.1',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '128.0.0.1',
  ]) {
    assert.ok(!isLoopback(host), host);
  }
  assert.deepEqual(['a:1', 'a', '[::1]:1', '[::1]', '', 'a:b', 'user@a:1', undefined].map(hostOf), [
    'a',
    'a',
    '[::1]',
    '[::1]',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
