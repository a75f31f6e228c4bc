import { openSync, closeSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
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
    try {
      const found = inputsAt(path);
      if (typeof found === 'string') unusable.push({ path, reason: found });
      else inputs.push(...found);
    } catch (error) {
      unusable.push({ path, reason: messageOf(error) });
    }
  }
  return { inputs, unusable };
}

/** The captures that a path names, or why there are none. */
function inputsAt(path: string): CaptureInput[] | string {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) return 'no such file or folder';
  if (!status.isDirectory()) return fileInput(path);
  const captures = capturesIn(path);
  return captures.length === 0 ? 'no captures in this folder' : captures.flatMap(fileInput);
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
  const descriptor = tryToOpen(path);
  if (typeof descriptor === 'string') return descriptor !== 'gone';
  try {
    const count = readSync(descriptor, head, 0, head.length, 0);
    const bytes = head.subarray(0, count);
    const packed = count >= 4 && (bytes.readUInt16BE(0) === 0x1f8b || bytes.readUInt32LE(0) === 0xfd2fb528);
    return packed || isPcapng(bytes) || parsePcapHeader(bytes) !== undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** What cannot be opened counts as a capture: reading it in earnest will say why. */
function tryToOpen(path: string): number | 'gone' | 'closed' {
  try {
    return openSync(path, 'r');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'closed';
  }
}
