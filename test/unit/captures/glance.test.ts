import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decoder } from '../../../src/captures/decoding/decoder.ts';
import type { SegmentSink } from '../../../src/captures/decoding/segment.ts';
import type { Finding } from '../../../src/captures/findings.ts';
import type { Wanted } from '../../../src/captures/flows/book.ts';
import { Tracker } from '../../../src/captures/flows/tracker.ts';
import { openFile, openStream } from '../../../src/captures/reading/open.ts';
import { readCapture } from '../../../src/captures/reading/pump.ts';
import { PcapngScanner } from '../../../src/captures/reading/pcapng.ts';
import type { CaptureInterface } from '../../../src/captures/reading/pcapng-interface.ts';
import { microseconds } from '../../../src/captures/reading/timestamps.ts';
import type { ByteSource } from '../../../src/captures/reading/source.ts';
import { ACK, buildCapture, type SegmentSpec } from '../../support/capture-builder.ts';
import { captureCorpus, EVERYTHING } from '../../support/captures.ts';
import { asIpv6, asPcap, asPcapng, cutAt, inUdp, recordsOf, tagged } from '../../support/capture-forms.ts';
import { randomSegments } from '../../support/random-segments.ts';
import { sharedMissing } from '../../support/shared.ts';

const WANTED: readonly Wanted[] = [
  EVERYTHING,
  { tls: true, forwarded: undefined, requests: false },
  { tls: false, forwarded: { clients: ['203.0.113.7'], trusted: undefined }, requests: true },
  { tls: true, forwarded: { clients: ['198.51.100.0/24', '2001:db8::/32'], trusted: 1 }, requests: false },
];
/** VXLAN for most packets, so that something is found; names and Kerberos are no tunnels. */
const PORTS = [4789, 8472, 4789, 53, 88, 8472];

const HELLO: SegmentSpec = { fromClient: true, sequence: 1, flags: ACK, payload: Buffer.alloc(1200, 0x17) };
const ETHERNET_INTERFACE: CaptureInterface = { linkType: 1, snapLength: 0, timestamps: microseconds };

interface Told {
  readonly findings: readonly Finding[];
  readonly flows: readonly unknown[];
  readonly packets: number;
  readonly damage: unknown;
  readonly lastStamp: readonly number[];
}

/** What a capture shows and leaves in the table; with `quick` packets are looked at in passing first. */
async function read(source: ByteSource, quick: boolean, wanted: Wanted): Promise<Told> {
  const findings: Finding[] = [];
  const tracker = new Tracker(wanted, { fileAt: () => 'x', onFinding: finding => findings.push(finding) });
  const slowly: SegmentSink = { segment: segment => tracker.segment(segment) };
  const decoder = new Decoder(quick ? tracker : slowly);
  const { packets, damage } = await readCapture(source, decoder);
  source.close();
  const { columns, size } = tracker.table;
  const flows = Array.from({ length: size }, (_, flow) => [
    ...columns.rows.subarray(flow * 16, flow * 16 + 16),
    columns.used[flow],
    columns.conversations[flow],
  ]);
  tracker.finish();
  const { stampHigh, stampLow } = decoder.segment;
  return { findings, flows, packets, damage, lastStamp: [stampHigh, stampLow] };
}

async function readBytes(bytes: Buffer, quick: boolean, wanted: Wanted): Promise<Told> {
  return read(await openStream(Readable.from([bytes], { objectMode: false })), quick, wanted);
}

describe('a packet that is taken at a glance', () => {
  it('leaves what it would have left if it had been decoded layer by layer', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomSegments(5, 80),
        fc.constantFrom(60, 80, 128, 65_535),
        fc.nat(127),
        async (specs, keep, form) => {
          let records = recordsOf(buildCapture(specs));
          if ((form & 1) !== 0) records = records.map(asIpv6);
          if ((form & 2) !== 0) records = records.map((record, index) => (index % 3 === 0 ? record : tagged(record)));
          if ((form & 16) !== 0) records = records.map((record, index) => inUdp(record, 53, PORTS[index % 6] ?? 0));
          records = records.map(record => cutAt(record, keep));
          const bytes = ((form & 4) === 0 ? asPcap : asPcapng)(records, (form & 8) !== 0);
          const wanted = WANTED[form >> 5] ?? EVERYTHING;
          assert.deepEqual(await readBytes(bytes, true, wanted), await readBytes(bytes, false, wanted));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it(
    'leaves the same in every capture of the corpus',
    { skip: captureCorpus() === undefined && sharedMissing },
    async () => {
      const folder = join(captureCorpus() ?? '', 'files');
      let packets = 0;
      for (const name of readdirSync(folder)) {
        for (const wanted of WANTED) {
          const told = await read(openFile(join(folder, name)), true, wanted);
          assert.deepEqual(told, await read(openFile(join(folder, name)), false, wanted), name);
          packets += told.packets;
        }
      }
      assert.ok(packets > 40_000);
    },
  );

  it('is never one whose lengths contradict each other', async () => {
    const whole = asPcapng(recordsOf(buildCapture(Array.from({ length: 3 }, () => HELLO))), false);
    const lengths = [0, 1, 4, 12, 28, 32, 54, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0];
    const first = 28 + 2 * 20; // behind the section and its interfaces
    const state = { bigEndian: false, interfaces: [ETHERNET_INTERFACE] };
    for (const total of lengths) {
      for (const captured of lengths) {
        const blocks = Buffer.from(whole.subarray(first));
        blocks.writeUInt32LE(total, 4);
        blocks.writeUInt32LE(captured, 20);
        const tracker = new Tracker(EVERYTHING, { fileAt: () => 'x', onFinding: () => assert.fail() });
        const scanner = new PcapngScanner(new Decoder(tracker), state);
        scanner.scan(blocks, 0, blocks.length, 1000);
        assert.equal(scanner.packets, 0, `${total} ${captured}`);
      }
    }
  });
});
