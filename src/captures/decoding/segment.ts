import type { QuickLook } from '../reading/scanner.ts';
import type { Timestamps } from '../reading/timestamps.ts';

/** TCP flags as they stand in byte 13 of the header (RFC 9293). */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

/**
 * One TCP segment, filled in place for every packet so that the hot path makes no garbage. Addresses are 32-bit words
 * (as signed numbers); IPv4 uses word 0 alone. Valid only during the call that hands it over.
 */
export class Segment {
  ipv6 = false;
  readonly source = new Int32Array(4);
  readonly destination = new Int32Array(4);
  /** Word 0 of both addresses: all there is for IPv4. */
  source0 = 0;
  destination0 = 0;
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  flags = 0;
  bytes: Buffer = Buffer.alloc(0);
  /** Payload that was captured: `bytes[start, end)`. */
  start = 0;
  end = 0;
  /** Payload bytes on the wire; more than `end - start` when the capture cut the packet. */
  length = 0;
  /** It came in several IP fragments, of which the record at `offset` holds but one. */
  reassembled = false;
  /** Where the record begins, in bytes from the start of the (unpacked) file. */
  offset = NaN; // not 0: a field that began as a small integer makes the engine start over at 2^31
  /** The record's raw time stamp; `timestamps` says what it means. */
  stampHigh = NaN;
  stampLow = NaN;
  timestamps: Timestamps;

  constructor(timestamps: Timestamps) {
    this.timestamps = timestamps;
  }
}

/** True for a segment that carries nothing and neither opens nor ends a connection. */
export function isBare(flags: number, length: number): boolean {
  return length === 0 && (flags & (FIN | SYN | RST)) === 0;
}

/** Takes segments, one after the other, in the order of the file. */
export interface SegmentSink {
  readonly quick?: QuickLook | undefined;
  segment(segment: Segment): void;
}
