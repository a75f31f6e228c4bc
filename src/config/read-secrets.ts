import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { SecretSource } from '../core/secret-source.ts';
import type { ConfigDocument } from './document.ts';
import { type Path, valueAt } from './path.ts';
import type { Problems } from './problems.ts';

/** Large enough for a bundle of certificate authorities. */
const MAX_BYTES = 1024 * 1024;
const READABLE_BY_OTHERS = 0o004;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A part of the configuration, and where in the file it stands. `value` is what its schema made of it; undefined when it
 * did not pass: then the secrets that it names are looked for in the file itself, so that all problems show at once.
 */
interface SecretHolder {
  readonly value: unknown;
  readonly path: Path;
}

/** A secret's place in the file, for masking. */
export interface FoundSecret {
  readonly source: SecretSource;
  readonly path: Path;
}

/**
 * Reads every secret that the holders name and puts it in. A file is relative to the folder of the configuration; its
 * last newline does not count. What cannot be read is a problem, a secret that others may read a warning.
 */
export async function readSecrets(
  holders: readonly SecretHolder[],
  environment: Environment,
  problems: Problems,
): Promise<{ readonly found: readonly FoundSecret[]; readonly warnings: readonly string[] }> {
  const folder = dirname(resolve(problems.document.file));
  const found: FoundSecret[] = [];
  const warnings: string[] = [];
  for (const holder of holders) {
    for (const source of sourcesOf(holder, problems.document)) {
      const written = source.kind === 'env' ? `\${${source.name}}` : source.name;
      const path = problems.document.find(holder.path, written) ?? holder.path;
      found.push({ source, path });
      const outcome = source.kind === 'env' ? fromEnvironment(source, environment) : await fromFile(source, folder);
      if (typeof outcome === 'string') problems.add(path, outcome);
      else if (outcome.warning !== undefined) warnings.push(outcome.warning);
    }
  }
  return { found, warnings };
}

interface Filled {
  readonly warning?: string;
}

/** A text says what is wrong. */
type Outcome = Filled | string;

function fromEnvironment(source: SecretSource, environment: Environment): Outcome {
  const text = environment[source.name];
  if (text === undefined) return `environment variable ${source.name} is not set`;
  if (text === '') return `environment variable ${source.name} is empty`;
  source.fill(new Secret(text));
  return {};
}

async function fromFile(source: SecretSource, folder: string): Promise<Outcome> {
  const file = resolve(folder, source.name);
  try {
    const { size, mode } = await stat(file);
    if (size > MAX_BYTES) return `${file} is larger than 1 MiB; a file with one secret is expected`;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)).replace(/\r?\n$/, '');
    if (text === '') return `${file} is empty`;
    source.fill(new Secret(text));
    const open = source.confidential && (mode & READABLE_BY_OTHERS) !== 0;
    return open ? { warning: `${file} holds a secret and every user may read it; chmod 600 closes it` } : {};
  } catch (error) {
    if (error instanceof TypeError) return `${file} is not UTF-8 text`;
    return `${file} cannot be read: ${messageOf(error).replace(/^(\w+): ([^,]+),.*$/, '$2 ($1)')}`;
  }
}

function sourcesOf({ value, path }: SecretHolder, document: ConfigDocument): readonly SecretSource[] {
  return value === undefined ? sourcesNamedIn(valueAt(document.value, path)) : sourcesIn(value);
}

function sourcesIn(value: unknown): readonly SecretSource[] {
  if (value instanceof SecretSource) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(sourcesIn);
}

function sourcesNamedIn(value: unknown, key = ''): readonly SecretSource[] {
  if (typeof value === 'string') {
    const variable = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value)?.[1];
    if (variable !== undefined) return [new SecretSource('env', variable)];
    return key.endsWith('_file') && value !== '' ? [new SecretSource('file', value)] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([inner, item]) => sourcesNamedIn(item, inner));
}
