import { parseInterface, type CaptureInterface } from './pcapng-interface.ts';
import { ETHERNET, LONGEST_PACKET, type Damage, type PacketSink, type RecordForm, type Scanner } from './scanner.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** Bytes of an Enhanced Packet Block before its packet. */
const ENHANCED_PACKET_HEADER = 28;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** A block larger than this is passed over when it is no packet, and damage when it is one. */
const LARGEST_BLOCK = LONGEST_PACKET + 64 * 1024;

/** True when these are the first bytes of a pcapng file. */
export function isPcapng(bytes: Buffer): boolean {
  return bytes.length >= 12 && bytes.readUInt32BE(0) === SECTION_HEADER && byteOrder(bytes, 8) !== undefined;
}

/** What a scanner must know to begin in the middle of a section. */
export interface SectionState {
  readonly bigEndian: boolean;
  readonly interfaces: readonly CaptureInterface[];
}

/** Blocks of a pcapng file (draft-ietf-opsawg-pcapng): sections of either byte order, any number of interfaces. */
export class PcapngScanner implements Scanner {
  limit = Infinity;
  skip = 0;
  damage: Damage | undefined;
  packets = 0;
  #bigEndian: boolean;
  #interfaces: CaptureInterface[];
  #quickForm: RecordForm | undefined;
  readonly #sink: PacketSink;

  constructor(sink: PacketSink, state: SectionState = { bigEndian: false, interfaces: [] }) {
    this.#sink = sink;
    this.#bigEndian = state.bigEndian;
    this.#interfaces = [...state.interfaces];
    this.#chooseForm();
  }

  get state(): SectionState {
    return { bigEndian: this.#bigEndian, interfaces: this.#interfaces };
  }

  scan(bytes: Buffer, start: number, end: number, base: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, end);
    const stop = Math.min(end - ENHANCED_PACKET_HEADER, this.limit - base - 1);
    let at = start;
    while (at + 12 <= end && base + at < this.limit) {
      const next = this.#quickLook(view, at, stop, end, base);
      if (next > at) {
        at = next;
        continue;
      }
      if (bytes.readUInt32BE(at) === SECTION_HEADER && !this.#beginSection(bytes, at, base)) return at;
      const type = this.#u32(bytes, at);
      const total = this.#u32(bytes, at + 4);
      if (total < 12 || total % 4 !== 0) return this.#stop(base + at, at, `a block says that it has ${total} bytes`);
      if (total > LARGEST_BLOCK) {
        if (isPacket(type)) return this.#stop(base + at, at, `a packet block says that it has ${total} bytes`);
        this.skip = total;
        return at;
      }
      if (at + total > end) return at;
      if (this.#u32(bytes, at + total - 4) !== total) {
        return this.#stop(base + at, at, 'a block does not end with the length that it begins with');
      }
      const problem = this.#block(type, bytes, at + 8, at + total - 4, base + at);
      if (problem !== undefined) return this.#stop(base + at, at, problem);
      at += total;
    }
    return at;
  }

  /** Passes over Enhanced Packet Blocks that change nothing but counts; returns where the first other block begins. */
  #quickLook(view: DataView, at: number, stop: number, end: number, base: number): number {
    const { segment, origin, quick } = this.#sink;
    if (!quick || !this.#quickForm || at > stop) return at;
    const next = quick.run(view, at, stop, end, this.#quickForm, origin + base);
    if (quick.taken === 0) return at;
    const { littleEndian } = this.#quickForm;
    this.packets += quick.taken;
    segment.timestamps = (
      this.#interfaces[view.getUint32(quick.last + 8, littleEndian)] as CaptureInterface
    ).timestamps;
    segment.stampHigh = view.getUint32(quick.last + 12, littleEndian);
    segment.stampLow = view.getUint32(quick.last + 16, littleEndian);
    segment.offset = origin + base + quick.last;
    return next;
  }

  /** Packets can be passed over while all interfaces of the section are Ethernet. */
  #chooseForm(): void {
    const interfaces = this.#interfaces.length;
    const all = interfaces > 0 && this.#interfaces.every(({ linkType }) => linkType === ETHERNET);
    const form = { littleEndian: !this.#bigEndian, headerBytes: ENHANCED_PACKET_HEADER, capturedAt: 20, interfaces };
    this.#quickForm = all ? form : undefined;
  }

  #stop(offset: number, at: number, message: string): number {
    this.damage = { offset, message };
    return at;
  }

  #beginSection(bytes: Buffer, at: number, base: number): boolean {
    const order = byteOrder(bytes, at + 8);
    if (order === undefined) {
      this.damage = { offset: base + at, message: 'a section without a byte order mark' };
      return false;
    }
    this.#bigEndian = order === 'big';
    this.#interfaces = [];
    this.#chooseForm();
    return true;
  }

  /** What is wrong with the block, if anything. */
  #block(type: number, bytes: Buffer, body: number, bodyEnd: number, offset: number): string | undefined {
    switch (type) {
      case INTERFACE: {
        const found = parseInterface(bytes.subarray(body, bodyEnd), this.#bigEndian);
        if (!found) return 'an interface block is too short';
        this.#interfaces.push(found);
        this.#chooseForm();
        return undefined;
      }
      case ENHANCED_PACKET:
        return this.#packet(this.#u32(bytes, body), bytes, body + 4, bodyEnd, offset);
      case PACKET:
        return this.#packet(this.#u16(bytes, body), bytes, body + 4, bodyEnd, offset);
      case SIMPLE_PACKET:
        return this.#simplePacket(bytes, body, bodyEnd, offset);
      default:
        return undefined;
    }
  }

  /** Enhanced and obsolete packet blocks differ only in how they name the interface. */
  #packet(id: number, bytes: Buffer, at: number, bodyEnd: number, offset: number): string | undefined {
    const source = this.#interfaces[id];
    if (!source) return `a packet of interface ${id}, which is not described`;
    if (at + 16 > bodyEnd) return 'a packet block is too short';
    const captured = this.#u32(bytes, at + 8);
    if (at + 16 + captured > bodyEnd) return `a packet of ${captured} bytes in a block that is shorter`;
    const { segment } = this.#sink;
    segment.timestamps = source.timestamps;
    segment.stampHigh = this.#u32(bytes, at);
    segment.stampLow = this.#u32(bytes, at + 4);
    segment.offset = this.#sink.origin + offset;
    this.packets++;
    this.#sink.packet(source.linkType, bytes, at + 16, at + 16 + captured, this.#u32(bytes, at + 12));
    return undefined;
  }

  /** No time stamp, and its captured length follows from the interface's limit. */
  #simplePacket(bytes: Buffer, body: number, bodyEnd: number, offset: number): string | undefined {
    const source = this.#interfaces[0];
    if (!source) return 'a packet before any interface is described';
    if (body + 4 > bodyEnd) return 'a packet block is too short';
    const wireLength = this.#u32(bytes, body);
    const kept = source.snapLength === 0 ? wireLength : Math.min(wireLength, source.snapLength);
    const { segment } = this.#sink;
    segment.timestamps = source.timestamps;
    segment.stampHigh = 0;
    segment.stampLow = 0;
    segment.offset = this.#sink.origin + offset;
    this.packets++;
    this.#sink.packet(source.linkType, bytes, body + 4, Math.min(body + 4 + kept, bodyEnd), wireLength);
    return undefined;
  }

  #u32(bytes: Buffer, at: number): number {
    return this.#bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
  }

  #u16(bytes: Buffer, at: number): number {
    return this.#bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
  }
}

function byteOrder(bytes: Buffer, at: number): 'big' | 'little' | undefined {
  if (bytes.readUInt32BE(at) === BYTE_ORDER_MAGIC) return 'big';
  return bytes.readUInt32LE(at) === BYTE_ORDER_MAGIC ? 'little' : undefined;
}

function isPacket(type: number): boolean {
  return type === PACKET || type === SIMPLE_PACKET || type === ENHANCED_PACKET;
}
