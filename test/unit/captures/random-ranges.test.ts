import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { clientHello } from '../../../bench/captures/hellos.ts';
import { Crew } from '../../../src/captures/parallel/crew.ts';
import { findInputs } from '../../../src/captures/reading/inputs.ts';
import { studyCaptures } from '../../../src/captures/study.ts';
import { ACK, buildCapture, FIN, RST, SYN, SYN_ACK, type SegmentSpec } from '../../support/capture-builder.ts';
import { asPcap, asPcapng, inFragments, recordsOf, tagged, type CapturedPacket } from '../../support/capture-forms.ts';
import { EVERYTHING } from '../../support/captures.ts';
import { randomSegments } from '../../support/random-segments.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NOTHING = Buffer.alloc(0);
const NOISE = Buffer.alloc(4096, 0x5a);
const HELLO = clientHello(0x0304, 'shop.example.com', NOISE);
const REQUEST = Buffer.from('GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n');

/** Plain, with VLAN tags, with IP fragments; as pcap or pcapng, in both byte orders. */
function captureOf(segments: readonly SegmentSpec[], form: number): Buffer {
  const inPieces = (packet: CapturedPacket, index: number): CapturedPacket[] =>
    index % 7 === 3 && packet.bytes.length > 120 ? inFragments(packet, 48, index) : [packet];
  let packets = recordsOf(buildCapture(segments));
  if ((form & 1) !== 0) packets = packets.map((packet, index) => (index % 3 === 0 ? packet : tagged(packet)));
  if ((form & 3) === 2) packets = packets.flatMap(inPieces);
  return ((form & 4) === 0 ? asPcap : asPcapng)(packets, (form & 8) !== 0);
}

/** What is found and told, in order, as text. */
async function told(path: string, rangeBytes: number, crew?: Crew): Promise<string> {
  const lines: string[] = [];
  const { inputs } = findInputs([path], Readable.from([]));
  const options = { wanted: EVERYTHING, workers: crew ? crew.size + 1 : 1, rangeBytes, crew };
  const study = await studyCaptures(inputs, options, finding => lines.push(JSON.stringify(finding)));
  return [...lines, JSON.stringify({ ...study, unread: [...study.unread] })].join('\n');
}

function fileFor(t: TestContext): string {
  return join(temporaryFolder(t), 'capture.pcap');
}

describe('ranges of a capture whose packets follow no rule', () => {
  it('are put together to what one thread says, wherever they begin', async t => {
    const path = fileFor(t);
    await using two = new Crew(1);
    await using three = new Crew(2);
    const rangeBytes = fc.integer({ min: 600, max: 30_000 });
    await fc.assert(
      fc.asyncProperty(
        randomSegments(30, 200),
        rangeBytes,
        fc.nat(15),
        fc.boolean(),
        async (list, bytes, form, more) => {
          writeFileSync(path, captureOf(list, form));
          assert.equal(await told(path, bytes, more ? three : two), await told(path, Infinity));
        },
      ),
      { numRuns: 250 },
    );
  });

  const client = (flags: number, sequence: number, payload: Buffer = NOTHING, port = 40_001): SegmentSpec => {
    return { fromClient: true, port, flags, sequence, payload };
  };
  const server = (flags: number, sequence: number, payload: Buffer = NOTHING, port = 40_001): SegmentSpec => {
    return { fromClient: false, port, flags, sequence, payload };
  };
  const other = (sequence: number): SegmentSpec => client(ACK, sequence, NOISE, 50_000);
  const cases = {
    'a connection that ends where nothing more was expected': [
      client(ACK, 1, HELLO), other(1), server(ACK, 1, Buffer.from([0x15, 3, 3, 0, 2, 1, 90])), other(4097),
      server(ACK, 8, NOISE), server(RST, 4104), other(8193), other(12_289),
    ],
    'an answer to a SYN where only requests had come': [
      client(ACK, 1, HELLO, 50_000), server(ACK, 1, REQUEST), other(4097), client(ACK, 1501, HELLO), client(SYN_ACK, 0), other(8193),
      client(ACK, 1, HELLO), server(FIN | ACK, 60), other(12_289),
    ],
    'an answer to a SYN that began a connection before the SYN': [
      server(ACK, 42, Buffer.from('POST / HTTP/1.1\r\n\r\n')), other(1), other(4097), client(ACK, 1, REQUEST.subarray(0, 20)),
      server(SYN_ACK, 0), client(SYN, 0), server(ACK, 0, HELLO), other(8193), other(12_289),
    ],
  }; // prettier-ignore

  for (const [name, segments] of Object.entries(cases)) {
    it(`are put together rightly around ${name}`, async t => {
      const path = fileFor(t);
      await using crew = new Crew(1);
      writeFileSync(path, captureOf(segments, 0));
      const one = await told(path, Infinity);
      for (let bytes = 1200; bytes < 9000; bytes += 100)
        assert.equal(await told(path, bytes, crew), one, `${bytes} bytes`);
    });
  }
});
