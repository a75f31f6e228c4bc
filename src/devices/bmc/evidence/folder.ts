import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Bug, messageOf, Refusal } from '../../../core/errors.ts';
import type { Exhibit, MissingExhibit } from '../access.ts';
import { manifest, type Manifest, type ManifestFile } from './manifest.ts';

const MANIFEST = 'manifest.json';
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

type ManifestFacts = Pick<Manifest, 'device' | 'collectedAt' | 'errors'>;

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
 * gets its name, so a folder of that name is whole. Exhibits beyond `maxBytes` in all are named as missing; the first,
 * which is the event log, must fit: throws Refusal `too-large`.
 */
export async function writeFolder(
  path: string,
  exhibits: AsyncIterable<Exhibit | MissingExhibit>,
  maxBytes: number,
  facts: ManifestFacts,
): Promise<SealedFolder> {
  const draft = `${path}.partial`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    const listed = await writeExhibits(draft, exhibits, maxBytes);
    const content = { format: 'unclog-bmc-evidence/1', ...facts, ...listed } satisfies Manifest;
    const sha256 = await writeDurably(draft, MANIFEST, Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`));
    await syncFolder(draft);
    await rename(draft, path);
    await syncFolder(dirname(path));
    return { path, sha256, files: listed.files.length, bytes: sizeOf(listed.files) };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
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
    return { path, sha256: sum(bytes), files: files.length, bytes: sizeOf(files) };
  } catch (error) {
    return { damage: messageOf(error) };
  }
}

async function writeExhibits(
  draft: string,
  exhibits: AsyncIterable<Exhibit | MissingExhibit>,
  maxBytes: number,
): Promise<Pick<Manifest, 'files' | 'missing'>> {
  const files: ManifestFile[] = [];
  const missing: Manifest['missing'] = [];
  for await (const exhibit of exhibits) {
    const { name, source } = exhibit;
    if ('missing' in exhibit) {
      missing.push({ name, source, why: exhibit.missing });
      continue;
    }
    const { length } = exhibit.bytes;
    if (sizeOf(files) + length <= maxBytes) {
      files.push({ name, source, bytes: length, sha256: await writeDurably(draft, name, exhibit.bytes) });
      continue;
    }
    const why = `${length} bytes would pass max_size, ${maxBytes} bytes for the whole folder`;
    if (files.length + missing.length === 0) throw new Refusal('too-large', `${name}: ${why}; raise max_size`);
    missing.push({ name, source, why });
  }
  return { files, missing };
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

function sizeOf(files: readonly ManifestFile[]): number {
  return files.reduce((all, file) => all + file.bytes, 0);
}

function sum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
