import { openSync, closeSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, openStream, type Chunks } from './open.ts';
import { isPcapng } from './pcapng.ts';
import { parsePcapHeader } from './pcap.ts';
import type { ByteSource } from './source.ts';

/** One capture to read. */
export interface CaptureInput {
  /** As the user named it; `-` for standard input. */
  readonly name: string;
  /** Bytes of the file as it is stored; undefined for a stream. */
  readonly storedBytes: number | undefined;
  open(): ByteSource | Promise<ByteSource>;
}

/** A path that cannot be used, and why. */
export interface UnusablePath {
  readonly path: string;
  readonly reason: string;
}

/**
 * Files as they are named; folders become the captures in them (told by their first bytes), sorted so that `x2` comes
 * before `x10`; `-` is the given stream.
 */
export function findInputs(
  paths: readonly string[],
  stdin: Chunks,
): { readonly inputs: CaptureInput[]; readonly unusable: UnusablePath[] } {
  const inputs: CaptureInput[] = [];
  const unusable: UnusablePath[] = [];
  for (const path of paths) {
    if (path === '-') {
      inputs.push({ name: '-', storedBytes: undefined, open: () => openStream(stdin) });
      continue;
    }
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status) unusable.push({ path, reason: 'no such file or folder' });
    else if (!status.isDirectory()) inputs.push(...fileInput(path));
    else {
      const captures = capturesIn(path);
      if (captures.length === 0) unusable.push({ path, reason: 'no captures in this folder' });
      inputs.push(...captures.flatMap(fileInput));
    }
  }
  return { inputs, unusable };
}

/** None when the file has just been deleted, as rings do. */
function fileInput(path: string): CaptureInput[] {
  const status = statSync(path, { throwIfNoEntry: false });
  return status ? [{ name: path, storedBytes: status.size, open: () => openFile(path) }] : [];
}

function capturesIn(folder: string): string[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => entry.name);
  names.sort(new Intl.Collator('en', { numeric: true }).compare);
  return names.map(name => join(folder, name)).filter(looksLikeCapture);
}

function looksLikeCapture(path: string): boolean {
  const head = Buffer.alloc(24);
  const descriptor = openUnlessGone(path);
  if (descriptor === undefined) return false;
  try {
    const count = readSync(descriptor, head, 0, head.length, 0);
    const bytes = head.subarray(0, count);
    const packed = count >= 4 && (bytes.readUInt16BE(0) === 0x1f8b || bytes.readUInt32LE(0) === 0xfd2fb528);
    return packed || isPcapng(bytes) || parsePcapHeader(bytes) !== undefined;
  } finally {
    closeSync(descriptor);
  }
}

function openUnlessGone(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
