import { closeSync, openSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Decoder } from './decoding/decoder.ts';
import { addressWords } from './decoding/parse-words.ts';
import { Segment } from './decoding/segment.ts';
import type { Endpoint } from './flows/columns.ts';
import { FlowTable } from './flows/table.ts';
import { findInputs } from './reading/inputs.ts';
import { HeldFragments, type HeldPacket } from './held-fragments.ts';
import { PcapngWriter } from './reading/pcapng-writer.ts';
import { readCapture } from './reading/pump.ts';
import { instant, microseconds } from './reading/timestamps.ts';
import type { PacketSink } from './reading/scanner.ts';

interface Ends {
  readonly client: Endpoint;
  readonly server: Endpoint;
}

/** Most connections that a display filter is written out for. */
const MOST_IN_FILTER = 50;

/**
 * Writes all packets of these connections to a new pcapng file, tunnels and link headers included. An existing file is
 * not overwritten. Fragments of an IP packet are written together, when the last of them has come. Returns the packets.
 */
export async function extractConnections(
  paths: readonly string[],
  connections: readonly Ends[],
  to: string,
): Promise<number> {
  const descriptor = openSync(to, 'wx');
  try {
    const writer = new PcapngWriter(bytes => void writeSync(descriptor, bytes));
    const sink = new Extraction(connections, writer);
    for (const input of findInputs(paths, Readable.from([])).inputs) {
      const source = await input.open();
      await readCapture(source, sink);
      source.close();
    }
    return writer.packets;
  } finally {
    closeSync(descriptor);
  }
}

/** The same connections as a display filter of Wireshark and tshark. */
export function displayFilter(connections: readonly Ends[]): string {
  const terms = new Set(connections.map(({ client, server }) => `(${term(client)} && ${term(server)})`));
  const shown = [...terms].slice(0, MOST_IN_FILTER).join(' || ');
  return terms.size > MOST_IN_FILTER ? `${shown} || … (${terms.size - MOST_IN_FILTER} more)` : shown;
}

function term({ address, port }: Endpoint): string {
  return `${address.includes(':') ? 'ipv6' : 'ip'}.addr == ${address} && tcp.port == ${port}`;
}

/** Passes on the packets whose innermost segment belongs to a wanted connection. */
class Extraction implements PacketSink {
  readonly origin = 0;
  readonly segment: Segment;
  readonly #decoder: Decoder;
  readonly #writer: PcapngWriter;
  readonly #fragments = new HeldFragments();
  #wanted = false;

  constructor(connections: readonly Ends[], writer: PcapngWriter) {
    const table = tableOf(connections);
    const sink = { segment: (segment: Segment) => void (this.#wanted = table.find(segment) !== -1) };
    this.#decoder = new Decoder(sink);
    this.segment = this.#decoder.segment;
    this.#writer = writer;
  }

  packet(linkType: number, bytes: Buffer, start: number, end: number, wireLength: number): void {
    const { fragments } = this.#decoder;
    this.#wanted = false;
    fragments.lastKey = undefined;
    this.#decoder.packet(linkType, bytes, start, end, wireLength);
    const { timestamps, stampHigh, stampLow } = this.segment;
    const packet = {
      linkType,
      bytes: bytes.subarray(start, end),
      wireLength,
      at: [timestamps, stampHigh, stampLow] as const,
    };
    if (fragments.lastKey !== undefined && fragments.waiting.has(fragments.lastKey)) {
      this.#fragments.hold(fragments.lastKey, packet, fragments.waiting);
      return;
    }
    const earlier = fragments.lastKey === undefined ? [] : this.#fragments.take(fragments.lastKey);
    if (this.#wanted) for (const each of [...earlier, packet]) this.#write(each);
  }

  #write({ linkType, bytes, wireLength, at }: HeldPacket): void {
    this.#writer.packet(linkType, bytes, wireLength, instant(...at));
  }
}

function tableOf(connections: readonly Ends[]): FlowTable {
  const table = new FlowTable();
  const segment = new Segment(microseconds);
  for (const { client, server } of connections) {
    const source = addressWords(client.address);
    const destination = addressWords(server.address);
    segment.ipv6 = source.length === 4;
    segment.source.set(source);
    segment.destination.set(destination);
    segment.source0 = source[0] ?? 0;
    segment.destination0 = destination[0] ?? 0;
    segment.sourcePort = client.port;
    segment.destinationPort = server.port;
    if (table.find(segment) === -1) table.add(segment);
  }
  return table;
}
