import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes in order, read into the caller's buffer. */
export interface ByteSource {
  /** Fills at most `length` bytes at `into[at]`; 0 means the end. Plain files answer at once. */
  read(into: Buffer, at: number, length: number): number | Promise<number>;
  /** Bytes in all, where that is known beforehand. */
  readonly size: number | undefined;
  close(): void;
}

/** A plain file, from one offset on. Reading is synchronous: the copy from the page cache is the whole cost. */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly descriptor: number;
  #position: number;

  constructor(path: string, from = 0) {
    this.descriptor = openSync(path, 'r');
    this.size = fstatSync(this.descriptor).size;
    this.#position = from;
  }

  read(into: Buffer, at: number, length: number): number {
    const count = readSync(this.descriptor, into, at, length, this.#position);
    this.#position += count;
    return count;
  }

  /** The next read begins at this file offset. */
  seek(position: number): void {
    this.#position = position;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** Anything that arrives in chunks: standard input, or a file that is unpacked on the way. */
export class StreamSource implements ByteSource {
  readonly size = undefined;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #end: () => void;
  #rest: Buffer = Buffer.alloc(0);

  /** `end` lets go of what stands behind the chunks. */
  constructor(chunks: AsyncIterable<Buffer>, end: () => void) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#end = end;
  }

  async read(into: Buffer, at: number, length: number): Promise<number> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return 0;
      this.#rest = next.value;
    }
    const count = Math.min(length, this.#rest.length);
    this.#rest.copy(into, at, 0, count);
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  close(): void {
    this.#end();
  }
}
