import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { clientHello, serverFlight } from '../../../bench/captures/hellos.ts';
import { buildCapture, conversation } from '../../support/capture-builder.ts';
import { studyBytes } from '../../support/captures.ts';

const NOISE = Buffer.alloc(4096, 0x5a);
const HELLO = clientHello(0x0304, 'shop.example.com', NOISE);
const FLIGHT = serverFlight(0x0303, NOISE);

/** The handshake message of the first record, in records of so many bytes. */
function inRecords(hello: Buffer, recordBytes: number): Buffer {
  const message = hello.subarray(5, 5 + hello.readUInt16BE(3));
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += recordBytes) {
    const part = message.subarray(at, at + recordBytes);
    records.push(Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 255]), part);
  }
  return Buffer.concat(records);
}

/** A ClientHello of this many bytes: what is behind its extensions is zero. */
function longHello(bytes: number): Buffer {
  const record = Buffer.alloc(5 + bytes);
  HELLO.copy(record, 0, 0, HELLO.length);
  record.writeUIntBE(bytes - 4, 6, 3);
  const whole = Buffer.alloc(5);
  whole.writeUInt16BE(bytes, 3);
  return Buffer.concat([whole, record.subarray(5)]);
}

function piecesOf(bytes: Buffer, size: number): number[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => index * size);
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const LONG_HEADERS = Buffer.concat([Buffer.from([0, 0xea, 0x60, 1, 4, 0, 0, 0, 1]), Buffer.alloc(60_000)]);
const messages = {
  'a request with thousands of headers': Buffer.from(
    `GET / HTTP/1.1\r\n${'X-Forwarded-For: 1.2.3.4\r\n'.repeat(2300)}`,
  ),
  'a request whose first line does not end': Buffer.from(`GET /${'a'.repeat(60_000)}`),
  'a ClientHello of 60 KB': inRecords(longHello(60_000), 16_000),
  'a ClientHello in records of a few bytes': inRecords(longHello(60_000), 50),
  'a frame of HTTP/2': Buffer.concat([PREFACE, LONG_HEADERS]),
  'trailers of a chunked body': Buffer.from(
    `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(10_000)}`,
  ),
};

describe('what arrives byte by byte', () => {
  for (const [name, bytes] of Object.entries(messages)) {
    // Read again with each packet, these took 2 to 30 seconds; they take a tenth of one.
    it(`does not keep the reader busy: ${name}`, async () => {
      const capture = buildCapture(conversation(bytes, piecesOf(bytes, 1)));
      const started = performance.now();
      const { study } = await studyBytes(capture);
      const ms = performance.now() - started;
      assert.equal(study.files[0]?.damage, undefined);
      assert.ok(ms < 1500, `${ms.toFixed(0)} ms`);
    });
  }

  it('is no trouble either when it is one connection with the requests of thousands of clients', async () => {
    const address = (index: number): string => `10.${index >> 12}.${(index >> 4) & 255}.${(index & 15) * 16}`;
    const clients = Array.from({ length: 60_000 }, (_, index) => address(index % 9000));
    const requests = clients.map(client => `GET / HTTP/1.1\r\nX-Forwarded-For: ${client}\r\n\r\n`);
    let length = 0;
    const cuts = requests.map(request => (length += request.length));
    const capture = buildCapture(conversation(Buffer.from(requests.join('')), cuts));
    const started = performance.now();
    const { forwarded, study } = await studyBytes(capture);
    const ms = performance.now() - started;
    assert.equal(forwarded.length, 9000);
    assert.equal(
      forwarded.reduce((sum, found) => sum + found.requests, 0),
      60_000,
    );
    assert.equal(study.droppedClients, 0);
    assert.ok(ms < 3000, `${ms.toFixed(0)} ms`);
  });

  it('shows the same handshake however the records and the segments are cut', async () => {
    const cuts = fc.array(fc.nat(3000), { maxLength: 40 });
    const shown = async (client: Buffer, places: readonly number[]): Promise<unknown> => {
      const { tls } = await studyBytes(buildCapture(conversation(client, places, FLIGHT)));
      return tls.map(({ offered, negotiated, serverName, evidence }) => ({
        offered,
        negotiated,
        serverName,
        evidence,
      }));
    };
    const whole = await shown(HELLO, []);
    assert.deepEqual(whole, [
      { offered: 'TLSv1.3', negotiated: 'TLSv1.2', serverName: 'shop.example.com', evidence: 'exact' },
    ]);
    assert.deepEqual(await shown(HELLO, piecesOf(HELLO, 1)), whole);
    await fc.assert(
      fc.asyncProperty(cuts, fc.integer({ min: 1, max: 1500 }), async (places, recordBytes) => {
        assert.deepEqual(await shown(inRecords(HELLO, recordBytes), places), whole);
      }),
      { numRuns: 300 },
    );
  });
});
