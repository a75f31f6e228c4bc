import { microseconds, nanoseconds, type Timestamps } from './timestamps.ts';
import { ETHERNET, LONGEST_PACKET, type Damage, type PacketSink, type RecordForm, type Scanner } from './scanner.ts';

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
  readonly #form: RecordForm;
  readonly #sink: PacketSink;

  constructor(header: PcapHeader, sink: PacketSink) {
    this.#header = header;
    const { bigEndian, recordHeaderBytes } = header;
    this.#form = { littleEndian: !bigEndian, headerBytes: recordHeaderBytes, capturedAt: 8, interfaces: 0 };
    this.#sink = sink;
    sink.segment.timestamps = header.timestamps;
  }

  scan(bytes: Buffer, start: number, end: number, base: number): number {
    const { recordHeaderBytes, linkType } = this.#header;
    const { littleEndian } = this.#form;
    const sink = this.#sink;
    const quick = linkType === ETHERNET ? sink.quick : undefined;
    // One load from a view is one instruction; four from a Buffer are four, each with its check.
    const view = new DataView(bytes.buffer, bytes.byteOffset, end);
    const origin = sink.origin + base;
    const stop = Math.min(end - recordHeaderBytes, this.limit - base - 1);
    let last = -1;
    let at = start;
    for (;;) {
      if (quick) {
        at = quick.run(view, at, stop, end, this.#form, origin);
        this.packets += quick.taken;
        if (quick.last !== -1) last = quick.last;
      }
      if (at > stop) break;
      const captured = view.getUint32(at + 8, littleEndian);
      if (captured > LONGEST_PACKET) {
        this.damage = { offset: base + at, message: `a record says that it has ${captured} bytes` };
        break;
      }
      const dataStart = at + recordHeaderBytes;
      const next = dataStart + captured;
      if (next > end) break;
      this.#stamp(view, at, origin);
      this.packets++;
      sink.packet(linkType, bytes, dataStart, next, view.getUint32(at + 12, littleEndian));
      last = at;
      at = next;
    }
    if (last !== -1) this.#stamp(view, last, origin);
    return at;
  }

  #stamp(view: DataView, at: number, origin: number): void {
    const { littleEndian } = this.#form;
    const { segment } = this.#sink;
    segment.stampHigh = view.getUint32(at, littleEndian);
    segment.stampLow = view.getUint32(at + 4, littleEndian);
    segment.offset = origin + at;
  }
}
