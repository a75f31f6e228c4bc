import { closeSync, openSync, readSync } from 'node:fs';
import { Segment } from '../decoding/segment.ts';
import { parsePcapHeader, PCAP_HEADER_BYTES } from '../reading/pcap.ts';
import { isPcapng, PcapngScanner } from '../reading/pcapng.ts';
import { microseconds } from '../reading/timestamps.ts';
import type { Format } from './partial.ts';

const PEEK_BYTES = 1024 * 1024;

/**
 * How a file can be read from its middle, and where its records begin; undefined when it cannot: it is packed, or its
 * first packet is not near its beginning.
 */
export function peekFormat(path: string): { readonly format: Format; readonly start: number } | undefined {
  const head = readHead(path);
  if (isPcapng(head)) return peekPcapng(head);
  const header = parsePcapHeader(head);
  if (!header || head.length < PCAP_HEADER_BYTES + 4) return undefined;
  const firstSeconds = header.bigEndian ? head.readUInt32BE(PCAP_HEADER_BYTES) : head.readUInt32LE(PCAP_HEADER_BYTES);
  return { format: { kind: 'pcap', header, firstSeconds }, start: PCAP_HEADER_BYTES };
}

/** Reads sections and interfaces up to the first packet. */
function peekPcapng(head: Buffer): { readonly format: Format; readonly start: number } | undefined {
  const sink = { segment: new Segment(microseconds), origin: 0, packet: () => undefined };
  const scanner = new PcapngScanner(sink);
  let start = 0;
  while (scanner.packets === 0 && !scanner.damage && scanner.skip === 0) {
    scanner.limit = start + 1;
    const before = scanner.state;
    const next = scanner.scan(head, start, head.length, 0);
    if (scanner.packets > 0) return { format: { kind: 'pcapng', state: before }, start };
    if (next === start) return undefined;
    start = next;
  }
  return undefined;
}

function readHead(path: string): Buffer {
  const head = Buffer.alloc(PEEK_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
