import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogue, type ProgramEntry } from './catalogue.ts';

/** True where a fetched program cannot be started as it stands: it needs its libraries or its files shown. */
export function needsLauncher(entry: ProgramEntry): boolean {
  return entry.libraries || entry.builtInFolder !== undefined;
}

/** The small script that starts a fetched program. */
export function launcherPath(entry: ProgramEntry, folder: string): string {
  return join(folder, 'launch', entry.names[0] ?? entry.debian);
}

/** Writes a launcher for every program of the catalogue that needs one and that the unpacked package holds. */
export function writeLaunchers(debian: string, folder: string): void {
  const entries: readonly ProgramEntry[] = Object.values(catalogue);
  for (const entry of entries) {
    const [file] = globSync(entry.inPackage, { cwd: folder });
    if (entry.debian === debian && needsLauncher(entry) && file !== undefined) writeLauncher(entry, folder, file);
  }
}

function writeLauncher(entry: ProgramEntry, folder: string, file: string): void {
  const lines = ['#!/bin/sh', 'here=$(cd "$(dirname "$0")/.." && pwd)'];
  const libraries = globSync('{usr/,}lib/*-linux-gnu*', { cwd: folder }).map(path => `$here/${path}`);
  if (libraries.length > 0) {
    lines.push(`export LD_LIBRARY_PATH="${libraries.join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`);
  }
  if (entry.builtInFolder !== undefined && existsSync(join(folder, entry.builtInFolder))) {
    moveBuiltInFolder(join(folder, file), entry.builtInFolder);
    lines.push(`exec 9<"$here${entry.builtInFolder}"`);
  }
  lines.push(`exec "$here/${file}" "$@"`, '');
  const path = launcherPath(entry, folder);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.join('\n'));
  chmodSync(path, 0o755);
}

/**
 * Debian builds the absolute path of the program's files into it, where an unpacked copy has nothing. In the copy this
 * path becomes one of the same length that means "the folder open as file 9", which the launcher opens.
 */
function moveBuiltInFolder(binary: string, builtIn: string): void {
  const image = readFileSync(binary);
  const replacement = '/proc/self/fd/9'.padEnd(builtIn.length, '/');
  for (let at = image.indexOf(builtIn); at !== -1; at = image.indexOf(builtIn, at + 1)) image.write(replacement, at);
  writeFileSync(binary, image);
}
