import type { Source } from './carried.ts';
import { isForwardingHeader } from './headers.ts';
import { newDecompressor } from './hpack.ts';

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const HEADER_BYTES = 9;
const HEADERS = 1;
const CONTINUATION = 9;
const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITY = 0x20;
/** SETTINGS_HEADER_TABLE_SIZE that a server can announce; the client's encoder must not exceed it, but we do not see it. */
const LARGEST_TABLE = 65_536;
const LARGEST_FRAME = 1024 * 1024;
const LARGEST_HEADER_BLOCK = 256 * 1024;

/** The head of one HTTP/2 request. */
export interface Http2Head {
  readonly line: string;
  readonly headers: readonly (readonly [Source, string])[];
}

/** Frames that a client sends (RFC 9113), with the header compression that runs through all of them (RFC 7541). */
export class Http2Stream {
  /** Bytes of the frame that was incomplete, as far as that is known. */
  needed = 0;
  readonly #decompressor = newDecompressor(LARGEST_TABLE);
  #block: Buffer[] = [];
  #blockBytes = 0;
  #left = 0;
  #failed = false;

  constructor() {
    this.#decompressor.on('error', () => (this.#failed = true));
  }

  /**
   * Takes frames from `bytes[start, end)`; `onHead` is called for each whole header block. Returns the bytes used, or
   * undefined when the stream cannot be followed any further.
   */
  read(bytes: Buffer, start: number, end: number, onHead: (head: Http2Head) => void): number | undefined {
    let at = start;
    for (;;) {
      const step = Math.min(this.#left, end - at);
      this.#left -= step;
      at += step;
      this.needed = HEADER_BYTES;
      if (at + HEADER_BYTES > end) return at - start;
      const length = bytes.readUIntBE(at, 3);
      const type = bytes[at + 3] as number;
      if (length > LARGEST_FRAME) return undefined;
      if (type !== HEADERS && type !== CONTINUATION) {
        this.#left = length;
        at += HEADER_BYTES;
        continue;
      }
      if (length > LARGEST_HEADER_BLOCK) return undefined;
      this.needed = HEADER_BYTES + length;
      if (at + this.needed > end) return at - start;
      const flags = bytes[at + 4] as number;
      const payload = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
      const fragment = type === HEADERS ? stripHeaders(payload, flags) : payload;
      if (!fragment || !this.#collect(fragment)) return undefined;
      if ((flags & END_HEADERS) !== 0) {
        const head = this.#decode();
        if (!head) return undefined;
        onHead(head);
      }
      at += HEADER_BYTES + length;
    }
  }

  #collect(fragment: Buffer): boolean {
    this.#block.push(Buffer.from(fragment));
    this.#blockBytes += fragment.length;
    return this.#blockBytes <= LARGEST_HEADER_BLOCK;
  }

  #decode(): Http2Head | undefined {
    this.#decompressor.write(Buffer.concat(this.#block));
    this.#block = [];
    this.#blockBytes = 0;
    this.#decompressor.execute();
    const headers: (readonly [Source, string])[] = [];
    const pseudo = new Map<string, string>();
    for (let field = this.#decompressor.read(); field; field = this.#decompressor.read()) {
      if (isForwardingHeader(field.name)) headers.push([field.name, field.value]);
      else if (field.name.startsWith(':')) pseudo.set(field.name, field.value);
    }
    if (this.#failed) return undefined;
    return { line: `${pseudo.get(':method') ?? ''} ${pseudo.get(':path') ?? ''}`.trim(), headers };
  }
}

/** A HEADERS frame without its padding and priority. */
function stripHeaders(payload: Buffer, flags: number): Buffer | undefined {
  let start = 0;
  let end = payload.length;
  if ((flags & PADDED) !== 0) {
    end -= payload[0] ?? 0;
    start = 1;
  }
  if ((flags & PRIORITY) !== 0) start += 5;
  return start <= end ? payload.subarray(start, end) : undefined;
}
