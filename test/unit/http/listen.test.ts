import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hashSync } from 'bcryptjs';
import { ConfigError } from '../../../src/core/errors.ts';
import { createHttpApp } from '../../../src/http/app.ts';
import { listen } from '../../../src/http/listen.ts';
import { createAuthority, issueCertificate } from '../../../src/simulators/certificate.ts';
import { clientCertificate } from '../../support/client-certificate.ts';
import { stage } from '../../support/http.ts';

const authority = createAuthority('Test authority');
const local = issueCertificate(authority, { commonName: 'unclog', hosts: ['127.0.0.1'] });

/** A folder with certificates and a web.yml, gone after the test. */
function folder(context: TestContext, webYml: string) {
  const path = mkdtempSync(join(tmpdir(), 'unclog-web-'));
  context.after(() => rmSync(path, { recursive: true }));
  const write = (name: string, text: string) => writeFileSync(join(path, name), text);
  write('tls.crt', local.certificatePem);
  write('tls.key', local.keyPem);
  write('ca.crt', authority.certificatePem);
  write('web.yml', webYml);
  return { write, file: join(path, 'web.yml') };
}

async function listening(context: TestContext, webConfigFile?: string, address = '127.0.0.1:0') {
  const it = stage();
  const server = await listen({
    parts: it.parts,
    createApp: createHttpApp,
    address,
    configFile: 'unclog.yml',
    webConfigFile,
  });
  context.after(() => server.close());
  return { ...it, url: server.url, clock: it.clock };
}

/** GET over TLS; gives the status, or the error's code. */
function get(url: string, options: RequestOptions = {}): Promise<number | string> {
  return new Promise(resolve => {
    const asked = httpsRequest(url, { ca: authority.certificatePem, agent: false, ...options }, answer => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', error => resolve('code' in error ? String(error.code) : error.message)).end();
  });
}

async function problemsOf(promise: Promise<unknown>): Promise<readonly string[]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ConfigError)
      return error.message.split('\n').map(line => line.replace(/^\/.*?web\.yml/, 'web.yml'));
    throw error;
  }
  return [];
}

const TLS = 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }\n';

test('without a web configuration file it is plain HTTP on loopback', async context => {
  const { url } = await listening(context);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await fetch(`${url}/-/healthy`)).status, 200);
});

test('it does not listen beyond loopback without tokens, nor on nonsense, nor where somebody listens already', async context => {
  assert.match((await problemsOf(listening(context, undefined, '0.0.0.0:0')))[0] ?? '', /webhook_token_file: missing/);
  assert.deepEqual(await problemsOf(listening(context, undefined, 'nonsense')), [
    'command line:1:1: --web.listen-address: found "nonsense"; host:port is expected, as 127.0.0.1:10933, [::1]:10933 or :10933',
  ]);
  const { url } = await listening(context);
  const [taken] = await problemsOf(listening(context, undefined, new URL(url).host));
  assert.match(taken ?? '', /cannot listen on 127\.0\.0\.1:\d+: listen EADDRINUSE/);
});

test('with a certificate it is HTTPS, TLS 1.2 at least', async context => {
  const { file } = folder(context, TLS);
  const { url } = await listening(context, file);
  assert.match(url, /^https:/);
  assert.equal(await get(`${url}/-/healthy`), 200);
  const old = await get(`${url}/-/healthy`, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
  assert.equal(typeof old, 'string');
});

test('a renewed certificate is served without a restart, and a broken one is not', async context => {
  const { file, write } = folder(context, TLS);
  const { url, clock, log } = await listening(context, file);
  const other = createAuthority('Another authority');
  const renewed = issueCertificate(other, { commonName: 'unclog', hosts: ['127.0.0.1'] });
  const looksAgain = async () => {
    await clock.advance(1_100);
    await get(`${url}/-/healthy`, { ca: other.certificatePem });
    await new Promise(resolve => setTimeout(resolve, 200));
  };
  write('tls.crt', renewed.certificatePem);
  write('tls.key', renewed.keyPem);
  await looksAgain();
  assert.equal(await get(`${url}/-/healthy`, { ca: other.certificatePem }), 200);

  write('tls.crt', 'this is no certificate');
  await looksAgain();
  assert.equal(await get(`${url}/-/healthy`, { ca: other.certificatePem }), 200);
  assert.ok(log.some(line => line.message === 'web configuration cannot be used; the old one stays in force'));
});

test('clients must show a certificate of the authority, and of an allowed name', async context => {
  const auth =
    'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: [prometheus]';
  const { file } = folder(context, `tls_server_config: { cert_file: tls.crt, key_file: tls.key, ${auth} }`);
  const { url } = await listening(context, file);
  assert.equal(await get(`${url}/-/healthy`, clientCertificate(authority, 'prometheus')), 200);
  assert.equal(typeof (await get(`${url}/-/healthy`)), 'string');
  assert.equal(typeof (await get(`${url}/-/healthy`, clientCertificate(authority, 'grafana'))), 'string');
  assert.equal(typeof (await get(`${url}/-/healthy`, clientCertificate(createAuthority('x'), 'prometheus'))), 'string');
});

test('a certificate may be any, or verified only if given, as the type says', async context => {
  const strange = clientCertificate(createAuthority('x'), 'c');
  const any = folder(
    context,
    'tls_server_config: { cert_file: tls.crt, key_file: tls.key, client_auth_type: RequireAnyClientCert }',
  );
  const first = await listening(context, any.file);
  assert.equal(await get(`${first.url}/-/healthy`, strange), 200);
  assert.equal(typeof (await get(`${first.url}/-/healthy`)), 'string');
  const given = folder(
    context,
    'tls_server_config: { cert_file: tls.crt, key_file: tls.key, client_auth_type: VerifyClientCertIfGiven, client_ca_file: ca.crt }',
  );
  const second = await listening(context, given.file);
  assert.equal(await get(`${second.url}/-/healthy`), 200);
  assert.equal(typeof (await get(`${second.url}/-/healthy`, strange)), 'string');
});

test('users of the file come in with their password, and changes of the file count at once', async context => {
  const users = (password: string) => `basic_auth_users:\n  alice: ${hashSync(password, 4).replace('$2b$', '$2y$')}\n`;
  const headers = 'http_server_config: { headers: { X-Frame-Options: SAMEORIGIN } }\n';
  const { file, write } = folder(context, users('first') + headers);
  const { url, clock } = await listening(context, file);
  const scrape = async (password?: string, user = 'alice') => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const answer = await fetch(`${url}/metrics?scope=self`, {
      headers: { connection: 'close', ...(password !== undefined && { authorization }) },
    });
    await answer.text();
    return answer.status;
  };
  assert.deepEqual(
    [await scrape(), await scrape('wrong'), await scrape('first'), await scrape('first'), await scrape('first', 'bob')],
    [401, 401, 200, 200, 401],
  );
  assert.equal((await fetch(`${url}/-/healthy`)).headers.get('x-frame-options'), 'SAMEORIGIN');
  write('web.yml', users('second'));
  await clock.advance(1_100);
  await scrape('first');
  await new Promise(resolve => setTimeout(resolve, 200));
  assert.deepEqual([await scrape('first'), await scrape('second')], [401, 200]);
});

test('a web configuration file that cannot be used is told with every problem and its line', async context => {
  const wrong = folder(
    context,
    [
      'tls_server_config:',
      '  cert_file: tls.crt',
      '  key_file: tls.key',
      '  min_version: TLS10',
      '  cipher_suites: [TLS_AES_128_GCM_SHA256]',
      'basic_auth_users:',
      '  alice: plain-text',
      'rate_limit: {}',
    ].join('\n'),
  );
  assert.deepEqual(await problemsOf(listening(context, wrong.file)), [
    'web.yml:4:3: tls_server_config.min_version: Invalid option: expected one of "TLS12"|"TLS13"',
    'web.yml:5:3: tls_server_config.cipher_suites: this key is not known, or not offered here',
    'web.yml:7:3: basic_auth_users.alice: is not a bcrypt hash, as htpasswd -nBC 10 "" makes it',
    'web.yml:8:1: rate_limit: this key is not known, or not offered here',
  ]);
  const absent = folder(context, 'tls_server_config: { cert_file: gone.crt, key_file: tls.key }');
  assert.match(
    (await problemsOf(listening(context, absent.file)))[0] ?? '',
    /^web\.yml:1:22: tls_server_config\.cert_file: cannot be read: ENOENT/,
  );
  const noCa = folder(
    context,
    'tls_server_config: { cert_file: tls.crt, key_file: tls.key, client_auth_type: RequireAndVerifyClientCert }',
  );
  assert.match(
    (await problemsOf(listening(context, noCa.file)))[0] ?? '',
    /client_ca_file: missing; RequireAndVerifyClientCert needs the authority that clients are verified with$/,
  );
  const broken = folder(context, 'a: [');
  assert.match((await problemsOf(listening(context, broken.file)))[0] ?? '', /^web\.yml:1:5: Flow sequence/);
  assert.match((await problemsOf(listening(context, '/nowhere/web.yml')))[0] ?? '', /cannot be read: ENOENT/);
});

test('closing lets an answer under way finish and takes no new connection', async () => {
  const it = stage();
  const server = await listen({ parts: it.parts, createApp: createHttpApp, address: '127.0.0.1:0', configFile: 'f' });
  const answer = fetch(`${server.url}/metrics`);
  assert.equal((await answer).status, 200);
  await server.close();
  await assert.rejects(fetch(`${server.url}/-/healthy`));
});
