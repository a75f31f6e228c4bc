import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** The checkout that the tests run in. */
export const root = resolve(import.meta.dirname, '../..');

/** Files of the repository that fit a pattern, relative to its root, sorted. */
export function files(...patterns: readonly string[]): readonly string[] {
  const exclude = ['node_modules', '.tools', '.git', 'data', 'coverage'];
  return [...new Set(patterns.flatMap(pattern => globSync(pattern, { cwd: root, exclude })))].sort();
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function readYaml(path: string): unknown {
  return parse(read(path));
}
