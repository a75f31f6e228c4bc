import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { clientHello, serverFlight } from '../../../bench/captures/hellos.ts';
import { buildCapture, conversation } from '../../support/capture-builder.ts';
import { studyBytes, type Found } from '../../support/captures.ts';

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

/** A ClientHello of so many bytes, as if in one record; what is behind its extensions is zero. */
function longHello(bytes: number): Buffer {
  const hello = Buffer.concat([HELLO], 5 + bytes);
  hello.writeUInt16BE(bytes, 3);
  hello.writeUIntBE(bytes - 4, 6, 3);
  return hello;
}

/** Milliseconds of the processor: those of the clock would depend on what else the machine does. */
async function effortOf(capture: Buffer): Promise<{ readonly found: Found; readonly ms: number }> {
  const before = process.cpuUsage();
  const found = await studyBytes(capture);
  const { user, system } = process.cpuUsage(before);
  return { found, ms: (user + system) / 1000 };
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

describe('a capture that is made to keep the reader busy', () => {
  for (const [name, bytes] of Object.entries(messages)) {
    // Read again with each packet, these took 2 to 30 seconds; they take a few tenths of one.
    it(`does not with ${name}, byte by byte`, async () => {
      const capture = buildCapture(conversation(bytes, piecesOf(bytes, 1)));
      const { found, ms } = await effortOf(capture);
      assert.equal(found.study.files[0]?.damage, undefined);
      assert.ok(ms < 1500, `${ms.toFixed(0)} ms`);
    });
  }

  it('does not with the requests of thousands of clients on one connection', async () => {
    const address = (index: number): string => `10.${index >> 12}.${(index >> 4) & 255}.${(index & 15) * 16}`;
    const clients = Array.from({ length: 60_000 }, (_, index) => address(index % 9000));
    const heads = clients.map(client => `GET / HTTP/1.1\r\nX-Forwarded-For: ${client}\r\n\r\n`);
    let length = 0;
    const cuts = heads.map(head => (length += head.length));
    const capture = buildCapture(conversation(Buffer.from(heads.join('')), cuts));
    const { found, ms } = await effortOf(capture);
    const { forwarded, study } = found;
    assert.equal(forwarded.length, 9000);
    assert.equal(
      forwarded.reduce((sum, { requests }) => sum + requests, 0),
      60_000,
    );
    assert.equal(study.droppedClients, 0);
    assert.ok(ms < 3000, `${ms.toFixed(0)} ms`);
  });
});

describe('a handshake', () => {
  it('shows the same however the records and the segments are cut', async () => {
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
