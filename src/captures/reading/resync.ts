import type { PcapHeader } from './pcap.ts';
import { LONGEST_PACKET } from './scanner.ts';

/** Records in a row that must make sense before the first of them is believed. */
const CHAIN = 12;
/** Packets of one capture lie no farther apart than this. */
const LONGEST_CAPTURE_SECONDS = 30 * 86_400;
const BLOCK_TYPES = new Set([1, 2, 3, 4, 5, 6, 10, 0x0a0d0d0a, 0x0bad, 0x4000_0bad]);

/**
 * Where the first record at or behind `start` may begin, in `bytes[start, end)`; undefined when none is found. A guess:
 * a capture that carries a capture can mislead it, so whoever reads on from here must be checked against the one who
 * reads up to here. `atEnd`: the file ends at `end`.
 */
export function findPcapRecord(
  bytes: Buffer,
  start: number,
  end: number,
  atEnd: boolean,
  header: PcapHeader,
  firstSeconds: number,
): number | undefined {
  for (let at = start; at + header.recordHeaderBytes <= end; at++) {
    if (isChain(at, end, atEnd, next => pcapRecordEnd(bytes, next, header, firstSeconds))) return at;
  }
  return undefined;
}

/** The same for pcapng, whose blocks begin at multiples of four: `base` is the file offset of `bytes[0]`. */
export function findPcapngBlock(
  bytes: Buffer,
  start: number,
  end: number,
  atEnd: boolean,
  bigEndian: boolean,
  base: number,
): number | undefined {
  for (let at = start + (-(base + start) & 3); at + 12 <= end; at += 4) {
    if (isChain(at, end, atEnd, next => pcapngBlockEnd(bytes, next, end, bigEndian))) return at;
  }
  return undefined;
}

function isChain(start: number, end: number, atEnd: boolean, recordEnd: (at: number) => number | undefined): boolean {
  let at = start;
  for (let count = 0; count < CHAIN; count++) {
    if (at + 16 > end) return count > 0 && (!atEnd || at === end);
    const next = recordEnd(at);
    if (next === undefined) return false;
    if (next > end) return count > 0 && !atEnd;
    at = next;
  }
  return true;
}

function pcapRecordEnd(bytes: Buffer, at: number, header: PcapHeader, firstSeconds: number): number | undefined {
  const u32 = (offset: number): number =>
    header.bigEndian ? bytes.readUInt32BE(at + offset) : bytes.readUInt32LE(at + offset);
  const captured = u32(8);
  const wireLength = u32(12);
  if (captured === 0 || captured > LONGEST_PACKET || wireLength < captured || wireLength > 16 * LONGEST_PACKET)
    return undefined;
  if (Math.abs(u32(0) - firstSeconds) > LONGEST_CAPTURE_SECONDS) return undefined;
  if (u32(4) >= header.timestamps.unitsPerSecond) return undefined;
  return at + header.recordHeaderBytes + captured;
}

function pcapngBlockEnd(bytes: Buffer, at: number, end: number, bigEndian: boolean): number | undefined {
  const u32 = (offset: number): number => (bigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset));
  const total = u32(at + 4);
  if (!BLOCK_TYPES.has(u32(at)) || total < 12 || total % 4 !== 0 || total > LONGEST_PACKET) return undefined;
  if (at + total > end) return at + total;
  return u32(at + total - 4) === total ? at + total : undefined;
}
