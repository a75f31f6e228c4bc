/** A piece of a message, or its end. */
export type Frame = Buffer | 'end';

/** Takes a NETCONF byte stream apart. What follows the end of one message belongs to the next. */
export interface Framing {
  push(bytes: Buffer): readonly Frame[];
  /** The bytes of a message so that the other side can take it apart. */
  wrap(message: string): string;
  /** Bytes that were pushed and stand in no frame yet. */
  rest(): Buffer;
}

/** A stream that breaks the rules of its framing: nothing after this can be trusted. */
class FramingError extends Error {
  override readonly name = 'FramingError';
}

const END_OF_MESSAGE = Buffer.from(']]>]]>');

/** base:1.0: every message ends with `]]>]]>` (RFC 6242 section 4.3). All that Junos speaks by default. */
export class EndOfMessageFraming implements Framing {
  #held: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): readonly Frame[] {
    const frames: Frame[] = [];
    let buffer = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    for (let end = buffer.indexOf(END_OF_MESSAGE); end !== -1; end = buffer.indexOf(END_OF_MESSAGE)) {
      if (end > 0) frames.push(buffer.subarray(0, end));
      frames.push('end');
      buffer = buffer.subarray(end + END_OF_MESSAGE.length);
    }
    const safe = buffer.length - markBegun(buffer);
    if (safe > 0) frames.push(buffer.subarray(0, safe));
    this.#held = buffer.subarray(safe);
    return frames;
  }

  wrap(message: string): string {
    return `${message}\n]]>]]>\n`;
  }

  rest(): Buffer {
    return this.#held;
  }
}

/** How many bytes at the end of the buffer may be the beginning of the mark. */
function markBegun(buffer: Buffer): number {
  for (let length = Math.min(END_OF_MESSAGE.length - 1, buffer.length); length > 0; length -= 1) {
    if (buffer.subarray(buffer.length - length).equals(END_OF_MESSAGE.subarray(0, length))) return length;
  }
  return 0;
}

const HEADER_MAX = 16;
const LINE_FEED = 0x0a;

/** base:1.1: `\n#LENGTH\n` before every chunk and `\n##\n` after the last (RFC 6242 section 4.2). */
export class ChunkedFraming implements Framing {
  #held: Buffer = Buffer.alloc(0);
  #left = 0;

  push(bytes: Buffer): readonly Frame[] {
    const frames: Frame[] = [];
    let buffer = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (buffer.length > 0) {
      if (this.#left > 0) {
        const piece = buffer.subarray(0, this.#left);
        frames.push(piece);
        this.#left -= piece.length;
        buffer = buffer.subarray(piece.length);
        continue;
      }
      // Some servers send a line feed of their own before the one that begins a chunk.
      while (buffer.length > 1 && buffer[0] === LINE_FEED && buffer[1] === LINE_FEED) buffer = buffer.subarray(1);
      const header = /^\n#(?:([1-9]\d{0,9})|#)\n/.exec(buffer.toString('latin1', 0, HEADER_MAX));
      if (!header) break;
      if (header[1] === undefined) frames.push('end');
      else this.#left = Number(header[1]);
      buffer = buffer.subarray(header[0].length);
    }
    if (buffer.length >= HEADER_MAX || !/^(?:\n(?:#(?:#|[1-9]\d{0,9})?)?)?$/.test(buffer.toString('latin1'))) {
      throw new FramingError('where the length of a chunk was due came something else');
    }
    this.#held = buffer;
    return frames;
  }

  wrap(message: string): string {
    return `\n#${Buffer.byteLength(message)}\n${message}\n##\n`;
  }

  rest(): Buffer {
    return this.#held;
  }
}
