import { microseconds, nanoseconds, type Timestamps } from './timestamps.ts';
import { LONGEST_PACKET, type Damage, type PacketSink, type Scanner } from './scanner.ts';

export const PCAP_HEADER_BYTES = 24;

/** What the file header of a classic pcap says (draft-ietf-opsawg-pcap). */
export interface PcapHeader {
  readonly bigEndian: boolean;
  readonly timestamps: Timestamps;
  /** Bytes of a record header: 16, or 24 in the "modified" form of old Linux distributions. */
  readonly recordHeaderBytes: number;
  readonly linkType: number;
}

const MAGIC_NUMBERS: ReadonlyMap<number, readonly [Timestamps, number]> = new Map([
  [0xa1b2c3d4, [microseconds, 16]],
  [0xa1b23c4d, [nanoseconds, 16]],
  [0xa1b2cd34, [microseconds, 24]],
]);

/** The header in the first 24 bytes, or undefined when this is no classic pcap. */
export function parsePcapHeader(bytes: Buffer): PcapHeader | undefined {
  if (bytes.length < PCAP_HEADER_BYTES) return undefined;
  const bigEndian = MAGIC_NUMBERS.has(bytes.readUInt32BE(0));
  const form = MAGIC_NUMBERS.get(bigEndian ? bytes.readUInt32BE(0) : bytes.readUInt32LE(0));
  if (!form) return undefined;
  const network = bigEndian ? bytes.readUInt32BE(20) : bytes.readUInt32LE(20);
  return { bigEndian, timestamps: form[0], recordHeaderBytes: form[1], linkType: network & 0xffff };
}

/** Records of a classic pcap, in both byte orders. */
export class PcapScanner implements Scanner {
  limit = Infinity;
  skip = 0;
  damage: Damage | undefined;
  packets = 0;
  readonly #header: PcapHeader;
  readonly #sink: PacketSink;

  constructor(header: PcapHeader, sink: PacketSink) {
    this.#header = header;
    this.#sink = sink;
    sink.segment.timestamps = header.timestamps;
  }

  scan(bytes: Buffer, start: number, end: number, base: number): number {
    const { bigEndian, recordHeaderBytes, linkType } = this.#header;
    const sink = this.#sink;
    const segment = sink.segment;
    const stop = Math.min(end - recordHeaderBytes, this.limit - base - 1);
    let at = start;
    while (at <= stop) {
      const captured = bigEndian ? u32be(bytes, at + 8) : u32le(bytes, at + 8);
      if (captured > LONGEST_PACKET) {
        this.damage = { offset: base + at, message: `a record says that it has ${captured} bytes` };
        return at;
      }
      const dataStart = at + recordHeaderBytes;
      const next = dataStart + captured;
      if (next > end) return at;
      segment.stampHigh = bigEndian ? u32be(bytes, at) : u32le(bytes, at);
      segment.stampLow = bigEndian ? u32be(bytes, at + 4) : u32le(bytes, at + 4);
      segment.offset = sink.origin + base + at;
      this.packets++;
      sink.packet(linkType, bytes, dataStart, next, bigEndian ? u32be(bytes, at + 12) : u32le(bytes, at + 12));
      at = next;
    }
    return at;
  }
}

function u32le(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

function u32be(bytes: Buffer, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}
