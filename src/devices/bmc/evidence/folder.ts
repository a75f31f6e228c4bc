import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Bug, messageOf } from '../../../core/errors.ts';
import type { Exhibit, MissingExhibit } from '../access.ts';
import { manifest, type Manifest, type ManifestFile } from './manifest.ts';

const MANIFEST = 'manifest.json';
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What a finished folder is known by. */
export interface SealedFolder {
  readonly path: string;
  /** Of the manifest, which holds those of the files. */
  readonly sha256: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes exhibits into a folder of their own, with a manifest and SHA-256 sums. Everything is on disk before the folder
 * gets its name, so a folder of that name is whole. Exhibits beyond `maxBytes` in all are named as missing.
 */
export async function writeFolder(
  path: string,
  exhibits: AsyncIterable<Exhibit | MissingExhibit>,
  maxBytes: number,
  facts: Pick<Manifest, 'device' | 'collectedAt' | 'errors'>,
): Promise<SealedFolder> {
  const draft = `${path}.partial`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const files: ManifestFile[] = [];
  const missing: Manifest['missing'] = [];
  let bytes = 0;
  for await (const exhibit of exhibits) {
    const { name, source } = exhibit;
    if ('missing' in exhibit) missing.push({ name, source, why: exhibit.missing });
    else if (bytes + exhibit.bytes.length > maxBytes) missing.push({ name, source, why: tooLarge(exhibit, maxBytes) });
    else {
      files.push({ name, source, bytes: exhibit.bytes.length, sha256: await writeDurably(draft, name, exhibit.bytes) });
      bytes += exhibit.bytes.length;
    }
  }
  const text = `${JSON.stringify({ format: 'unclog-bmc-evidence/1', ...facts, files, missing } satisfies Manifest, undefined, 2)}\n`;
  const sha256 = await writeDurably(draft, MANIFEST, Buffer.from(text));
  await syncFolder(draft);
  await rename(draft, path);
  await syncFolder(dirname(path));
  return { path, sha256, files: files.length, bytes };
}

/** The folder, if it is there and every file of its manifest is whole; otherwise what is wrong with it. */
export async function checkFolder(path: string): Promise<SealedFolder | { readonly damage: string }> {
  try {
    const bytes = await readFile(join(path, MANIFEST));
    const { files } = manifest.parse(JSON.parse(bytes.toString('utf8')));
    for (const file of files) {
      if (!FILE_NAME.test(file.name)) return { damage: `${path}: the manifest names ${JSON.stringify(file.name)}` };
      const content = await readFile(join(path, file.name));
      if (sum(content) !== file.sha256) return { damage: `${path}: ${file.name} is not as it was written` };
    }
    const extra = (await readdir(path)).filter(name => name !== MANIFEST && !files.some(file => file.name === name));
    if (extra.length > 0) return { damage: `${path}: ${extra.join(', ')} is not in the manifest` };
    return { path, sha256: sum(bytes), files: files.length, bytes: files.reduce((all, file) => all + file.bytes, 0) };
  } catch (error) {
    return { damage: messageOf(error) };
  }
}

async function writeDurably(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  if (!FILE_NAME.test(name)) throw new Bug(`evidence cannot be written as ${JSON.stringify(name)}`);
  const file = await open(join(folder, name), 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return sum(bytes);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function tooLarge(exhibit: Exhibit, maxBytes: number): string {
  return `${exhibit.bytes.length} bytes would pass max_size, ${maxBytes} bytes for the whole folder`;
}

function sum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
