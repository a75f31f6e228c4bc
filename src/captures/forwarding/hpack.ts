import { createRequire } from 'node:module';

/** One header field as the library gives it. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** The decoding half of the library `hpack.js`, as far as it is used: RFC 7541 with Huffman codes and dynamic table. */
export interface Decompressor {
  write(block: Buffer): void;
  /** Decodes what was written; emits `error` when it cannot. */
  execute(): void;
  /** The next field, or null. */
  read(): Field | null;
  on(event: 'error', listener: (error: Error) => void): void;
}

interface Hpack {
  readonly decompressor: { create(options: { table: { maxSize: number; size: number } }): Decompressor };
}

const require = createRequire(import.meta.url);

/** The library is loaded when the first HTTP/2 stream is seen: most captures hold none. */
export function newDecompressor(tableBytes: number): Decompressor {
  const hpack = require('hpack.js') as Hpack;
  return hpack.decompressor.create({ table: { maxSize: tableBytes, size: tableBytes } });
}
