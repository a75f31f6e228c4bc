import assert from 'node:assert/strict';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { systemClock, type Clock } from '../../../src/core/clock.ts';
import { DeviceRefused, DeviceSurprise, DeviceUnreachable } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { HttpClient, type HttpRequest } from '../../../src/transport/http-client.ts';
import type { TlsTrust } from '../../../src/transport/tls-trust.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { filled, type Handler, pemFile, serverFingerprint, TlsServer } from '../../support/tls-server.ts';

const BY_CA: TlsTrust = { kind: 'ca', file: pemFile('ca.pem') };

function client(address: string, trust: TlsTrust = BY_CA, clock: Clock = systemClock): HttpClient & AsyncDisposable {
  const made = new HttpClient({ device: 'fw', address, trust, clock, connections: 2 });
  return Object.assign(made, { [Symbol.asyncDispose]: () => made.close() });
}

function get(more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', path: '/api/', tried: 'show clock', deadlineMs: 10_000, maxBytes: 1_000, ...more };
}

const ok: Handler = (_request, response) => response.end('fine');

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    value => assert.fail(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

async function unreachable(promise: Promise<unknown>): Promise<DeviceUnreachable> {
  const error = await failure(promise);
  assert.ok(error instanceof DeviceUnreachable, String(error));
  return error;
}

async function distrusted(promise: Promise<unknown>): Promise<string> {
  const error = await failure(promise);
  assert.ok(error instanceof DeviceRefused, String(error));
  assert.equal(error.why, 'trust');
  return error.message;
}

test('a certificate of the named authority is trusted, also for an IP address', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address);
  const answer = await http.send(get());
  assert.equal(answer.status, 200);
  assert.equal(answer.body.toString(), 'fine');
});

test('any status is an answer, and redirects are not followed', async () => {
  await using server = await TlsServer.start((_request, response) => {
    response.writeHead(302, { location: '/elsewhere', 'set-cookie': ['a=1', 'b=2'] }).end();
  });
  await using http = client(server.address);
  const answer = await http.send(get());
  assert.equal(answer.status, 302);
  assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
  assert.equal(server.requests.length, 1);
});

test('method, path, headers and body arrive as they were given, secrets revealed', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address);
  const headers = { 'X-PAN-KEY': new Secret('k3y'), 'content-type': 'text/plain' };
  await http.send(get({ method: 'POST', path: '/a?b=c', headers, body: 'grüß' }));
  assert.deepEqual(
    server.requests.map(({ method, path, body }) => [method, path, body]),
    [['POST', '/a?b=c', 'grüß']],
  );
  assert.equal(server.requests[0]?.headers['x-pan-key'], 'k3y');
});

test('DELETE without a body works', async () => {
  await using server = await TlsServer.start((_request, response) => response.writeHead(204).end());
  await using http = client(server.address);
  assert.equal((await http.send(get({ method: 'DELETE', path: '/sessions/1' }))).status, 204);
});

test('calls one after the other reuse the connections that are open', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address);
  for (let call = 0; call < 20; call += 1) await http.send(get());
  assert.ok(server.connections <= 2, `${server.connections}`);
});

test('no more connections are opened than allowed', async () => {
  await using server = await TlsServer.start((_request, response) => setTimeout(() => response.end('fine'), 5));
  await using http = client(server.address);
  await Promise.all(Array.from({ length: 12 }, () => http.send(get())));
  assert.ok(server.connections <= 2, `${server.connections}`);
});

test('a certificate of another authority is refused before the request is sent, and the fingerprint is shown', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address, { kind: 'ca', file: pemFile('other-ca.pem') });
  const message = await distrusted(http.send(get()));
  assert.match(message, /^fw: TLS handshake with 127\.0\.0\.1:\d+: the certificate is not trusted by .*other-ca\.pem/);
  assert.match(message, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
  assert.ok(message.replaceAll(':', '').toLowerCase().includes(serverFingerprint), message);
  assert.match(message, /set tls\.fingerprint_sha256 to it, or tls\.ca_file/);
  assert.equal(server.requests.length, 0);
});

test('without tls settings only public authorities count', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address, { kind: 'public' });
  assert.match(await distrusted(http.send(get())), /not trusted by the public authorities/);
  assert.equal(server.requests.length, 0);
});

test('a refused certificate stays refused with the next call', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address, { kind: 'public' });
  await distrusted(http.send(get()));
  await distrusted(http.send(get()));
  assert.equal(server.requests.length, 0);
});

test('a certificate for another name is refused', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(`https://127.0.0.2:${server.port}`);
  const error = await failure(http.send(get()));
  // 127.0.0.2 is not served everywhere; where it is, the name must not match.
  if (error instanceof DeviceRefused) assert.match(error.message, /ERR_TLS_CERT_ALTNAME_INVALID/);
  else assert.ok(error instanceof DeviceUnreachable);
});

test('the pinned certificate is trusted whoever signed it', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address, { kind: 'pin', sha256: serverFingerprint });
  assert.equal((await http.send(get())).status, 200);
});

test('another certificate than the pinned one is refused, and both fingerprints are shown', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address, { kind: 'pin', sha256: 'ab'.repeat(32) });
  const message = await distrusted(http.send(get()));
  assert.ok(message.replaceAll(':', '').toLowerCase().includes(serverFingerprint), message);
  assert.match(message, /but tls\.fingerprint_sha256 is AB:AB:/);
  assert.equal(server.requests.length, 0);
});

test('verification can be switched off by name', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address, { kind: 'none' });
  assert.equal((await http.send(get())).status, 200);
});

test('an authority file without a certificate is named', async () => {
  await using server = await TlsServer.start(ok);
  await using http = client(server.address, { kind: 'ca', file: filled('ca.pem', 'not a certificate') });
  assert.match(await distrusted(http.send(get())), /tls\.ca_file ca\.pem holds no certificate in PEM form/);
});

test('http:// is refused unless the driver allows it', async () => {
  await using http = client('http://127.0.0.1:9');
  assert.match(await distrusted(http.send(get())), /would carry credentials in the clear; write https:\/\//);
  await using plain = new HttpClientWithDispose('http://127.0.0.1:9');
  const error = await unreachable(plain.send(get()));
  assert.match(error.message, /^fw: show clock: connection refused$/);
});

class HttpClientWithDispose extends HttpClient {
  constructor(address: string) {
    super({ device: 'fw', address, trust: BY_CA, clock: systemClock, connections: 1, allowPlainHttp: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

test('a port where nobody listens is unreachable, and nothing was done', async () => {
  const server = await TlsServer.start(ok);
  const { address } = server;
  await server[Symbol.asyncDispose]();
  await using http = client(address);
  const error = await unreachable(http.send(get()));
  assert.equal(error.message, 'fw: show clock: connection refused');
  assert.equal(error.maybeDone, false);
});

test('a server that speaks no TLS is unreachable, and nothing was done', async () => {
  const server = createTcpServer(socket => {
    socket.on('error', () => {});
    socket.end('SSH-2.0-OpenSSH_9.2\r\n');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  await using http = client(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const error = await unreachable(http.send(get()));
  assert.equal(error.maybeDone, false);
  server.close();
});

test('a connection that is cut before an answer leaves open whether the call was done', async () => {
  await using server = await TlsServer.start(request => request.socket.destroy());
  await using http = client(server.address);
  const error = await unreachable(http.send(get({ method: 'POST', body: 'x' })));
  assert.equal(error.maybeDone, true);
  assert.equal(server.requests.length, 1, 'nothing is sent twice');
});

test('a call that only reads is never maybe done', async () => {
  await using server = await TlsServer.start(request => request.socket.destroy());
  await using http = client(server.address);
  assert.equal((await unreachable(http.send(get({ readOnly: true })))).maybeDone, false);
});

test('a connection that is cut within an answer leaves open whether the call was done', async () => {
  await using server = await TlsServer.start((request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => request.socket.destroy());
  });
  await using http = client(server.address);
  const error = await unreachable(http.send(get()));
  assert.equal(error.maybeDone, true);
  assert.match(error.message, /closed before the whole answer came|reset/);
});

test('an answer that does not come in time ends the call by the clock', async () => {
  const clock = new ManualClock();
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  await using server = await TlsServer.start(() => resolve());
  await using http = client(server.address, BY_CA, clock);
  const call = unreachable(http.send(get({ deadlineMs: 15_000 })));
  await arrived;
  await clock.advance(15_000);
  const error = await call;
  assert.equal(error.message, 'fw: show clock: no whole answer within 15s');
  assert.equal(error.maybeDone, true);
});

test('a trickle of bytes does not stretch the deadline', async () => {
  const clock = new ManualClock();
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  let trickle: NodeJS.Timeout | undefined;
  await using server = await TlsServer.start((_request, response) => {
    response.writeHead(200);
    trickle = setInterval(() => response.write('.'), 1);
    resolve();
  });
  await using http = client(server.address, BY_CA, clock);
  const call = unreachable(http.send(get({ maxBytes: 1e9 })));
  await arrived;
  await clock.advance(10_000);
  assert.match((await call).message, /no whole answer within 10s/);
  clearInterval(trickle);
});

test('a call that was given up while it waited for a connection is never sent', async () => {
  const clock = new ManualClock();
  let release = () => {};
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  await using server = await TlsServer.start((_request, response) => {
    release = () => response.end('fine');
    resolve();
  });
  const http = new HttpClient({ device: 'fw', address: server.address, trust: BY_CA, clock, connections: 1 });
  const first = http.send(get({ deadlineMs: 60_000 }));
  await arrived;
  const second = unreachable(http.send(get({ deadlineMs: 1_000 })));
  await clock.advance(1_000);
  assert.equal((await second).maybeDone, false);
  release();
  await first;
  await http.close();
  assert.equal(server.requests.length, 1);
});

test('the caller can give up, before and while the call is made', async () => {
  const gone = new AbortController();
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  await using server = await TlsServer.start(() => resolve());
  await using http = client(server.address);
  const call = unreachable(http.send(get({ signal: gone.signal })));
  await arrived;
  gone.abort();
  assert.equal((await call).maybeDone, true);
  assert.equal((await unreachable(http.send(get({ signal: gone.signal })))).maybeDone, false);
  assert.equal(server.requests.length, 1);
});

test('an answer longer than allowed is cut off and refused', async () => {
  let written = 0;
  await using server = await TlsServer.start((_request, response) => {
    const more = () => {
      written += 1_000;
      if (written < 50_000_000 && !response.destroyed) response.write('x'.repeat(1_000), () => setImmediate(more));
    };
    more();
  });
  await using http = client(server.address);
  const error = await failure(http.send(get()));
  assert.ok(error instanceof DeviceSurprise);
  assert.equal(error.message, 'fw: show clock: the answer is longer than 1000 bytes and was cut off');
  assert.ok(written < 10_000_000, 'the rest is not read');
});

test('an answer of exactly the allowed length is taken', async () => {
  await using server = await TlsServer.start((_request, response) => response.end('x'.repeat(1_000)));
  await using http = client(server.address);
  assert.equal((await http.send(get())).body.length, 1_000);
});

test('after a broken connection the next call opens a new one', async () => {
  let calls = 0;
  await using server = await TlsServer.start((request, response) => {
    calls += 1;
    if (calls === 1) request.socket.destroy();
    else response.end('fine');
  });
  await using http = client(server.address);
  await unreachable(http.send(get()));
  assert.equal((await http.send(get())).status, 200);
  assert.equal(server.connections, 2);
});

test('secrets stay out of errors', async () => {
  const server = await TlsServer.start(ok);
  const { address } = server;
  await server[Symbol.asyncDispose]();
  await using http = client(address);
  const key = new Secret('connection');
  const error = await unreachable(http.send(get({ headers: { 'X-PAN-KEY': key } })));
  assert.equal(error.message, 'fw: show clock: <secret> refused');
});

test('a closed client sends nothing more', async () => {
  await using server = await TlsServer.start(ok);
  const http = client(server.address);
  await http.send(get());
  await http.close();
  const error = await unreachable(http.send(get()));
  assert.match(error.message, /closed by this program/);
  assert.equal(server.requests.length, 1);
});
