import type { Segment } from '../decoding/segment.ts';

/** Where in a capture something did not add up, and what. */
export interface Damage {
  /** Bytes from the start of the (unpacked) file. */
  readonly offset: number;
  readonly message: string;
}

/** Where in a record its lengths and its packet stand. */
export interface RecordForm {
  readonly littleEndian: boolean;
  /** Bytes before the packet. */
  readonly headerBytes: number;
  /** Where the captured length stands; the length on the wire stands behind it. */
  readonly capturedAt: number;
  /** pcapng: interfaces 0 to this one (exclusive) are Ethernet, and records are Enhanced Packet Blocks. pcap: 0. */
  readonly interfaces: number;
}

/** Takes, at a glance, the packets that change nothing but counts. */
export interface QuickLook {
  /**
   * Takes records from `start` on, while they lie before `end` and begin no later than `stop`, and returns where the first
   * one begins that must be looked at in full. `origin` is added to positions. All are of Ethernet.
   */
  run(view: DataView, start: number, stop: number, end: number, form: RecordForm, origin: number): number;
  /** How many records the last run took, and where the last of them began (-1: none). */
  readonly taken: number;
  readonly last: number;
}

/** Link type (tcpdump.org/linktypes.html) of the packets that a `QuickLook` takes. */
export const ETHERNET = 1;

/** Takes the packets that a scanner finds. */
export interface PacketSink {
  /** Asked first about packets of Ethernet; what it takes is not handed to `packet`. */
  readonly quick?: QuickLook | undefined;
  /** Time stamp and offset are set here before each packet. */
  readonly segment: Segment;
  /** Added to file offsets, so that those of several files do not collide. */
  readonly origin: number;
  /** `bytes[start, end)` was captured of a packet that had `wireLength` bytes. */
  packet(linkType: number, bytes: Buffer, start: number, end: number, wireLength: number): void;
}

/** Splits a capture file into packets, buffer by buffer. */
export interface Scanner {
  /**
   * Takes all whole records in `bytes[start, end)` and returns where the first incomplete one begins. `base` is the
   * file offset of `bytes[0]`. Stops at `limit`: a record that begins at or behind that file offset is left alone.
   */
  scan(bytes: Buffer, start: number, end: number, base: number): number;
  /** File offset at which to stop; Infinity for the whole file. */
  limit: number;
  /** Bytes to pass over before the next call to `scan`: a block too large to hold, and of no interest. */
  skip: number;
  /** Set once: reading cannot go on behind this. */
  damage: Damage | undefined;
  packets: number;
}

/** No real packet is longer; a length above is damage (captures of offloaded traffic reach 256 KiB). */
export const LONGEST_PACKET = 1024 * 1024;
