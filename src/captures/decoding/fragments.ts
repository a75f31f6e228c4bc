import { Layer, type Packet } from './packet.ts';

const MOST_DATAGRAMS = 1024;
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_PIECES = 1024;

/** One datagram that waits for its missing pieces. */
export interface Datagram {
  /** Payload pieces by their offset; the first to arrive wins where they overlap. */
  readonly pieces: { readonly from: number; readonly bytes: Buffer }[];
  /** Payload length, known once the last piece has come. */
  total: number | undefined;
  /** Bytes of all pieces, those that overlap counted twice. */
  bytes: number;
}

/** IP reassembly for both versions, with caps: the oldest datagram goes first, and is counted. */
export class Fragments {
  readonly waiting = new Map<string, Datagram>();
  dropped = 0;
  /** Keep the keys of all fragments that come by, for whoever joins ranges of a file. */
  notesKeys = false;
  readonly keys = new Set<string>();
  /** The datagram that the last fragment belongs to; for whoever resets it before each packet. */
  lastKey: string | undefined;
  #bytes = 0;

  /**
   * Keeps the piece under the cursor. When it completes its datagram, the cursor moves into the whole payload and
   * `Layer.Transport` is returned, otherwise `Layer.Done`.
   */
  add(packet: Packet, key: string, from: number, more: boolean): Layer {
    if (packet.end < packet.wireEnd || packet.at > packet.end) return Layer.Done; // cut by the capture: never complete
    if (this.notesKeys) this.keys.add(key);
    this.lastKey = key;
    const bytes = Buffer.from(packet.bytes.subarray(packet.at, packet.end));
    const datagram = this.waiting.get(key) ?? this.#begin(key);
    if (datagram.pieces.length >= MOST_PIECES) return Layer.Done;
    datagram.pieces.push({ from, bytes });
    this.#bytes += bytes.length;
    datagram.bytes += bytes.length;
    if (!more) datagram.total = from + bytes.length;
    const whole = assemble(datagram);
    this.#makeRoom(whole === undefined ? undefined : key);
    if (whole === undefined) return Layer.Done;
    packet.segment.reassembled = true;
    packet.bytes = whole;
    packet.at = 0;
    packet.end = whole.length;
    packet.wireEnd = whole.length;
    return Layer.Transport;
  }

  /** Takes over a datagram that waited in another thread. */
  adopt(key: string, datagram: Datagram): void {
    this.#bytes += datagram.bytes;
    this.waiting.set(key, datagram);
  }

  #begin(key: string): Datagram {
    const datagram: Datagram = { pieces: [], total: undefined, bytes: 0 };
    this.waiting.set(key, datagram);
    return datagram;
  }

  #makeRoom(complete: string | undefined): void {
    if (complete !== undefined) this.#forget(complete);
    for (const key of this.waiting.keys()) {
      if (this.waiting.size <= MOST_DATAGRAMS && this.#bytes <= MOST_BYTES) return;
      this.#forget(key);
      this.dropped++;
    }
  }

  #forget(key: string): void {
    for (const piece of this.waiting.get(key)?.pieces ?? []) this.#bytes -= piece.bytes.length;
    this.waiting.delete(key);
  }
}

function assemble(datagram: Datagram): Buffer | undefined {
  if (datagram.total === undefined || datagram.bytes < datagram.total) return undefined;
  const whole = Buffer.alloc(datagram.total);
  let filled = 0;
  for (const piece of datagram.pieces.toSorted((a, b) => a.from - b.from)) {
    if (piece.from > filled) return undefined;
    const upTo = Math.min(piece.from + piece.bytes.length, datagram.total);
    if (upTo <= filled) continue;
    piece.bytes.copy(whole, filled, filled - piece.from, upTo - piece.from);
    filled = upTo;
  }
  return filled === datagram.total ? whole : undefined;
}
