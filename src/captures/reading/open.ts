import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { FileSource, StreamSource, type ByteSource } from './source.ts';

const CHUNK = 1024 * 1024;

/** Opens a capture: a plain file as it stands; gzip and zstd, told by their first bytes, unpacked on the way. */
export function openFile(path: string): ByteSource {
  const file = new FileSource(path);
  const head = Buffer.alloc(4);
  file.read(head, 0, head.length);
  file.close();
  if (packing(head) === undefined) return new FileSource(path);
  const stream = createReadStream(path, { highWaterMark: CHUNK });
  return new StreamSource(unpack(stream, packing(head)), () => stream.destroy());
}

/** What a stream of bytes looks like from here: standard input, for one. */
export type Chunks = AsyncIterable<Buffer | string>;

/** A capture that arrives on a stream, packed or not. */
export async function openStream(stream: Chunks): Promise<ByteSource> {
  const chunks = stream[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, asBuffer(next.value)]);
  }
  return new StreamSource(unpack(replay(head, chunks), packing(head)), () => void chunks.return?.());
}

function packing(head: Buffer): 'gzip' | 'zstd' | undefined {
  if (head.length >= 2 && head.readUInt16BE(0) === 0x1f8b) return 'gzip';
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : undefined;
}

/** Errors of either end come out of the iteration. */
async function* unpack(from: AsyncIterable<Buffer>, form: 'gzip' | 'zstd' | undefined): AsyncGenerator<Buffer> {
  if (form === undefined) {
    yield* from;
    return;
  }
  const unpacker = form === 'gzip' ? createGunzip({ chunkSize: CHUNK }) : createZstdDecompress({ chunkSize: CHUNK });
  const done = pipeline(from, unpacker);
  done.catch(() => undefined); // told by the iteration below
  for await (const chunk of unpacker) yield chunk as Buffer;
  await done;
}

async function* replay(head: Buffer, rest: AsyncIterator<Buffer | string>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield asBuffer(next.value);
}

function asBuffer(chunk: Buffer | string): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk;
}
