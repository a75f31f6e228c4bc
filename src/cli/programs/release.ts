import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { ProgramEntry, Release } from './catalogue.ts';
import { run } from './run.ts';

const platforms: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: 'linux', darwin: 'darwin' };
const architectures: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Fetches the project's own release archive, checks it against the release's list of SHA-256 sums, and puts its
 * programs where the Debian package has them. Answers what went wrong, or undefined.
 */
export async function fetchRelease(
  entry: ProgramEntry,
  release: Release,
  folder: string,
  host: string,
): Promise<string | undefined> {
  const platform = platforms[process.platform];
  const architecture = architectures[process.arch];
  if (!platform || !architecture) return `no release archive is known for ${process.platform} ${process.arch}`;
  try {
    const stem = `${release.project}-${release.version}.${platform}-${architecture}`;
    const base = `${host}/prometheus/${release.project}/releases/download/v${release.version}`;
    const archive = await get(`${base}/${stem}.tar.gz`);
    const sums = (await get(`${base}/sha256sums.txt`)).toString('utf8');
    const problem = checksumProblem(archive, `${stem}.tar.gz`, sums);
    return problem ?? (await unpack(archive, entry, folder));
  } catch (error) {
    return messageOf(error);
  }
}

function checksumProblem(archive: Buffer, name: string, sums: string): string | undefined {
  const line = sums.split('\n').find(row => row.trim().endsWith(` ${name}`));
  const expected = line?.trim().split(/\s+/)[0];
  if (expected === undefined) return `the release's list of checksums does not name ${name}`;
  const found = createHash('sha256').update(archive).digest('hex');
  return found === expected ? undefined : `${name}: SHA-256 is ${found}, the release says ${expected}`;
}

async function unpack(archive: Buffer, entry: ProgramEntry, folder: string): Promise<string | undefined> {
  const bin = join(folder, dirname(entry.inPackage));
  mkdirSync(bin, { recursive: true });
  const file = join(folder, 'release.tar.gz');
  writeFileSync(file, archive);
  const ended = await run('tar', ['-xzf', file, '-C', bin, '--strip-components=1']);
  rmSync(file);
  if (!ended.ok) return ended.output;
  // Debian's name of the daemon; the tools beside it keep theirs.
  if (entry.debian === 'prometheus-alertmanager') renameSync(join(bin, 'alertmanager'), join(bin, entry.debian));
  return undefined;
}

async function get(url: string): Promise<Buffer> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(300_000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}
