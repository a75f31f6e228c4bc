import { messageOf } from '../../core/errors.ts';
import { isPcapng, PcapngScanner } from './pcapng.ts';
import { parsePcapHeader, PCAP_HEADER_BYTES, PcapScanner } from './pcap.ts';
import { LONGEST_PACKET, type Damage, type PacketSink, type Scanner } from './scanner.ts';
import type { ByteSource } from './source.ts';

/** Read at a time. Between 256 KiB and 4 MiB the rate is the same; beyond, data falls out of the processor's cache. */
const READ_BYTES = 512 * 1024;

/** How far reading a capture came. */
export interface Reading {
  readonly packets: number;
  /** Bytes read of the (unpacked) file. */
  readonly bytes: number;
  /** Why it ended before the end of the file. */
  readonly damage: Damage | undefined;
}

/** Called after each buffer with the bytes read so far. */
export type OnProgress = (bytes: number) => void;

/** Reads a whole capture into `sink`. Damage ends the reading and is reported, never thrown. */
export async function readCapture(source: ByteSource, sink: PacketSink, onProgress?: OnProgress): Promise<Reading> {
  const buffer = takeBuffer();
  try {
    return await readInto(buffer, source, sink, onProgress);
  } finally {
    giveBack(buffer);
  }
}

async function readInto(
  buffer: Buffer,
  source: ByteSource,
  sink: PacketSink,
  onProgress?: OnProgress,
): Promise<Reading> {
  let filled = 0;
  try {
    while (filled < PCAP_HEADER_BYTES) {
      const count = await source.read(buffer, filled, READ_BYTES - filled);
      if (count === 0) break;
      filled += count;
    }
  } catch (error) {
    return { packets: 0, bytes: filled, damage: { offset: filled, message: messageOf(error) } };
  }
  const begun = scannerFor(buffer.subarray(0, filled), sink);
  if (!begun) return { packets: 0, bytes: filled, damage: { offset: 0, message: describeUnknown(filled) } };
  return pump(source, begun.scanner, { buffer, start: begun.start, filled, base: 0 }, onProgress);
}

let spare: Buffer | undefined;

/** A buffer that holds one reading and the longest record that may be left over from the one before. */
export function takeBuffer(): Buffer {
  const buffer = spare ?? Buffer.allocUnsafeSlow(READ_BYTES + 2 * LONGEST_PACKET);
  spare = undefined;
  return buffer;
}

/** Keeps a buffer for the next capture: thousands of small ones would leave as many buffers behind. */
export function giveBack(buffer: Buffer): void {
  spare = buffer;
}

/** The part of a file that is in memory: `buffer[start, filled)`, with `buffer[0]` at file offset `base`. */
export interface Window {
  readonly buffer: Buffer;
  start: number;
  filled: number;
  base: number;
}

/** Feeds a scanner until its limit, the end of the source, or damage. */
export async function pump(
  source: ByteSource,
  scanner: Scanner,
  window: Window,
  onProgress?: OnProgress,
): Promise<Reading> {
  const { buffer } = window;
  for (;;) {
    passOver(scanner, window);
    if (scanner.skip === 0) window.start = scanner.scan(buffer, window.start, window.filled, window.base);
    if (scanner.damage || window.base + window.start >= scanner.limit) break;
    moveDown(window);
    try {
      const read = source.read(buffer, window.filled, Math.min(READ_BYTES, buffer.length - window.filled));
      const count = typeof read === 'number' ? read : await read;
      onProgress?.(window.base + window.filled + count);
      if (count === 0) {
        reportRest(scanner, window);
        break;
      }
      window.filled += count;
    } catch (error) {
      scanner.damage = { offset: window.base + window.filled, message: messageOf(error) };
      break;
    }
  }
  return { packets: scanner.packets, bytes: window.base + window.filled, damage: scanner.damage };
}

function passOver(scanner: Scanner, window: Window): void {
  const passed = Math.min(scanner.skip, window.filled - window.start);
  scanner.skip -= passed;
  window.start += passed;
}

function moveDown(window: Window): void {
  const { buffer, start, filled } = window;
  buffer.copyWithin(0, start, filled);
  window.base += start;
  window.filled = filled - start;
  window.start = 0;
}

function reportRest(scanner: Scanner, window: Window): void {
  const rest = window.filled - window.start;
  if (rest === 0 && scanner.skip === 0) return;
  scanner.damage = { offset: window.base, message: 'the file ends in the middle of a record' };
}

/** The scanner for a capture that begins with these bytes, and where its records begin. */
export function scannerFor(head: Buffer, sink: PacketSink): { scanner: Scanner; start: number } | undefined {
  if (isPcapng(head)) return { scanner: new PcapngScanner(sink), start: 0 };
  const header = parsePcapHeader(head);
  return header && { scanner: new PcapScanner(header, sink), start: PCAP_HEADER_BYTES };
}

function describeUnknown(bytes: number): string {
  return bytes === 0 ? 'the file is empty' : 'neither pcap nor pcapng (gzip and zstd are unpacked)';
}
