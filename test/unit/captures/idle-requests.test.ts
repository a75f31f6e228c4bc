import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { IdleRequests } from '../../../src/captures/forwarding/idle-requests.ts';
import { ClientFilter, type ClientQuestion } from '../../../src/captures/forwarding/client-filter.ts';
import { carriersOf } from '../../../src/captures/forwarding/headers.ts';
import { readHead } from '../../../src/captures/forwarding/http1.ts';

const QUESTIONS: readonly (ClientQuestion | undefined)[] = [
  undefined,
  { clients: undefined, trusted: undefined },
  { clients: ['203.0.113.7'], trusted: undefined },
  { clients: ['203.0.113.7'], trusted: 1 },
  { clients: ['203.0.112.0/22', '10.0.0.0/8'], trusted: undefined },
  { clients: ['0.0.0.0/0'], trusted: undefined },
  { clients: ['::ffff:203.0.113.7'], trusted: undefined },
  { clients: ['2001:db8::7'], trusted: undefined },
];

const VALUES = [
  '203.0.113.7', '203.0.113.70', '198.51.100.1', '198.51.100.1, 203.0.113.7', '10.0.0.1,198.51.100.2', ' 8.8.8.8 ', '',
  '198.51.100.1:443', '[2001:db8::7]', '2001:db8::7', '::ffff:203.0.113.7', '"203.0.113.7"', 'unknown', '203.0.113.007',
  '203.000.113.7', '256.1.1.1', '1.2.3', '1.2.3.4.5', '8.8.8.8,', ',8.8.8.8', '8.8.8.8\t', '0.0.0.0', 'for=203.0.113.7', '1200', '0',
  'chunked', 'websocket',
]; // prettier-ignore
const NAMES = [
  'X-Forwarded-For', 'x-forwarded-for', 'X-FORWARDED-FOR', 'X-Forwarded-For ', 'X-Forwarded-Fo', 'X-Forwarded-Port', 'X-Forwarded-Proto',
  'Forwarded', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP', 'X-Cluster-Client-IP', 'Fastly-Client-IP',
  'Content-Length', 'Transfer-Encoding', 'Upgrade', 'Upgrade-Insecure-Requests', 'Host', 'Cookie', 'traceparent', ' folded', ' ,', 'x\rreal-ip', '', 'À',
]; // prettier-ignore
const METHODS = [
  'GET',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'POST',
  'CONNECT',
  'PROXY',
  'PRI',
  'GE',
  'get',
  'VERSION-CONTROL',
  'A'.repeat(20),
];

const field = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(':', ': ', ' : ', ''), fc.constantFrom(...VALUES));
const heads = fc
  .record({
    method: fc.oneof({ weight: 4, arbitrary: fc.constant('GET') }, fc.constantFrom(...METHODS)),
    target: fc.constantFrom('/', '/?x=X-Forwarded-For: 203.0.113.7', '*', ''),
    protocol: fc.constantFrom(' HTTP/1.1', ' HTTP/1.1', ' HTTP/1.0', ' HTTP/2.0', ' http/1.1', ''),
    fields: fc.array(field, { maxLength: 6 }),
    lineEnd: fc.constantFrom('\r\n', '\r\n', '\n'),
    end: fc.constantFrom('', '', '', '', 'GET / HTTP/1.1\r\n\r\n', 'x'),
  })
  .map(({ method, target, protocol, fields, lineEnd, end }) => {
    const lines = [`${method} ${target}${protocol}`, ...fields.map(parts => parts.join('')), '', end];
    return Buffer.from(lines.join(lineEnd), 'latin1');
  });
/** The same with a byte replaced, or cut. */
const damaged = fc.tuple(heads, fc.nat(), fc.constantFrom(0, 0x0a, 0x0d, 0x20, 0x2c, 0x2e, 0x3a, 0x41, 0xff)).map(([bytes, at, byte]) => {
  const copy = Buffer.from(bytes);
  copy[at % copy.length] = byte;
  return at % 3 === 0 ? copy.subarray(0, at % copy.length) : copy;
}); // prettier-ignore

function isIdle(question: ClientQuestion | undefined, bytes: Buffer): boolean {
  // Bytes before and behind that would change the answer if they were looked at.
  const around = Buffer.concat([Buffer.from('\n\n\r:,7'), bytes, Buffer.from(' 203.0.113.7\r\n\r\n\n\n\n\n')]);
  const view = new DataView(around.buffer, around.byteOffset, around.length);
  return new IdleRequests(question).includes(view, 6, 6 + bytes.length);
}

function request(...fields: readonly string[]): Buffer {
  return Buffer.from(['GET /item/7?colour=blue HTTP/1.1', 'Host: shop.example.com', ...fields, '', ''].join('\r\n'));
}

describe('a request that is passed over', () => {
  it('is one that tells nothing when it is read in full', () => {
    fc.assert(
      fc.property(fc.constantFrom(...QUESTIONS), fc.oneof(heads, damaged), (question, bytes) => {
        if (bytes.length === 0 || !isIdle(question, bytes)) return;
        const head = readHead(bytes, 0, bytes.length, false);
        assert.ok(head !== undefined && head !== 'more');
        assert.notEqual(bytes[0], 0x50); // may be a PROXY header
        const { contentLength, chunked, switches } = head;
        assert.deepEqual(
          { bytes: head.bytes, contentLength, chunked, switches },
          { bytes: bytes.length, contentLength: 0, chunked: false, switches: false },
        );
        const filter = question && new ClientFilter(question);
        assert.deepEqual(filter && carriersOf(head.headers).flatMap(carrier => filter.matches(carrier)), filter && []);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is nearly every one, with whatever headers browsers and proxies add', () => {
    const asked = { clients: ['203.0.113.7'], trusted: undefined };
    const usual = request(
      'User-Agent: Mozilla/5.0', 'Cookie: a=b', 'Upgrade-Insecure-Requests: 1', 'X-Request-Id: 17', 'X-Forwarded-Proto: https',
      'X-Forwarded-For: 198.51.100.9, 10.0.0.1', 'x-real-ip: 198.51.100.9', 'traceparent: 00-0af7651916cd43dd8448eb211c80319c-1',
    ); // prettier-ignore
    assert.equal(isIdle(asked, usual), true);
    assert.equal(isIdle(undefined, usual), true);
    assert.equal(isIdle(undefined, request('Forwarded: for="[2001:db8::7]"')), true);
  });

  it('is none that may name a client that is asked for', () => {
    const asked = { clients: ['203.0.113.0/24'], trusted: undefined };
    for (const name of NAMES.slice(0, 3)) {
      assert.equal(isIdle(asked, request(`${name}: 198.51.100.9, 203.0.113.255`)), false, name);
      assert.equal(isIdle(asked, request(`${name}: 203.0.114.0`)), true, name);
    }
    assert.equal(isIdle({ clients: undefined, trusted: undefined }, request('X-Real-IP: 8.8.8.8')), false);
    assert.equal(isIdle({ clients: ['2001:db8::/32'], trusted: undefined }, request('X-Real-IP: 8.8.8.8')), false);
    assert.equal(isIdle(asked, request('X-Forwarded-For: 8.8.8.8', ' , 203.0.113.7')), false);
  });
});
