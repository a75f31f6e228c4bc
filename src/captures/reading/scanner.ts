import type { Segment } from '../decoding/segment.ts';

/** Where in a capture something did not add up, and what. */
export interface Damage {
  /** Bytes from the start of the (unpacked) file. */
  readonly offset: number;
  readonly message: string;
}

/** Takes, at a glance, the packets that change nothing but counts. */
export interface QuickLook {
  /** `view[start, end)` is a packet of link type Ethernet. False: it must be looked at in full, nothing was done yet. */
  passes(view: DataView, start: number, end: number, wireLength: number, offset: number): boolean;
}

/** Link type (tcpdump.org/linktypes.html) of the packets that a `QuickLook` takes. */
export const ETHERNET = 1;

/** Takes the packets that a scanner finds. */
export interface PacketSink {
  /** Asked first about packets of Ethernet; what passes there is not handed to `packet`. */
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
