import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument as parseYaml,
  type Document,
  type Node,
  type Pair,
  visit,
} from 'yaml';
import { ConfigError, type ConfigProblem } from '../core/errors.ts';
import { explainYamlFault, roots, UNKNOWN_ALIAS } from './yaml-faults.ts';

/** Steps from the top of the file to a value: keys of maps and places in lists. */
export type Path = readonly (string | number)[];

/** Enough for shared credentials; a bomb of aliases needs thousands. */
const MAX_ALIASES = 100;

/** A parsed file that knows where each of its values stands. */
export class ConfigDocument {
  readonly file: string;
  /** As plain data. */
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(file: string, value: unknown, document: Document, lines: LineCounter) {
    this.file = file;
    this.value = value;
    this.#document = document;
    this.#lines = lines;
  }

  /** A problem with the value at `path`; where that is missing, with what it is missing from. */
  problemAt(path: Path, message: string): ConfigProblem {
    return this.#problem(this.#offsetOf(path), path, message);
  }

  /** A problem with the key itself that `path` ends in. */
  problemAtKey(path: Path, message: string): ConfigProblem {
    const pair = this.#pairAt(path);
    return this.#problem(pair ? startOf(pair.key) : this.#offsetOf(path), path, message);
  }

  /** The first place under `path` where exactly this text stands. */
  find(path: Path, text: string): Path | undefined {
    return pathOf(valueAt(this.value, path), text, path);
  }

  #problem(offset: number, path: Path, message: string): ConfigProblem {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), path: showPath(path), message };
  }

  /** Of a plain value its own start, of a map or list that of its key, of what is missing that of its parent. */
  #offsetOf(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node = this.#nodeAt(path.slice(0, length));
      if (!node) continue;
      const pair = isScalar(node) && length === path.length ? undefined : this.#pairAt(path.slice(0, length));
      return pair ? startOf(pair.key) : startOf(node);
    }
    return this.#document.contents ? startOf(this.#document.contents) : 0;
  }

  #nodeAt(path: Path): Node | undefined {
    let node = this.#resolve(this.#document.contents);
    for (const step of path) node = this.#resolve(isMap(node) || isSeq(node) ? node.get(step, true) : undefined);
    return node;
  }

  #pairAt(path: Path): Pair | undefined {
    const parent = this.#nodeAt(path.slice(0, -1));
    if (!isMap(parent)) return undefined;
    return parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  }

  #resolve(node: unknown): Node | undefined {
    if (isAlias(node)) return node.resolve(this.#document);
    return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
  }
}

/** Parses YAML 1.2, strictly. Throws ConfigError with every fault of its form. */
export function parseDocument(file: string, text: string): ConfigDocument {
  const lines = new LineCounter();
  const fail = (offset: number, message: string): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path: '', message };
  };
  try {
    const document = parseYaml(text, { lineCounter: lines, prettyErrors: false, strict: true, version: '1.2' });
    const faults = [...document.errors, ...document.warnings];
    if (faults.length > 0) {
      throw new ConfigError(roots(faults).map(fault => fail(fault.pos[0], explainYamlFault(fault))));
    }
    const aliases = aliasesOf(document);
    if (aliases.length > MAX_ALIASES) throw new ConfigError([fail(0, `has more than ${MAX_ALIASES} aliases`)]);
    const loose = aliases.filter(alias => alias.resolve(document) === undefined);
    if (loose.length > 0) throw new ConfigError(loose.map(alias => fail(startOf(alias), UNKNOWN_ALIAS)));
    return new ConfigDocument(file, document.toJS({ maxAliasCount: MAX_ALIASES }), document, lines);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const reason = error instanceof RangeError ? 'is nested too deeply' : 'is not usable YAML';
    throw new ConfigError([fail(0, `${reason}; plain maps, lists and values are expected`)]);
  }
}

/** `devices[0].tls.ca_file`; a key that is no plain name is quoted. */
function showPath(path: Path): string {
  return path.map((step, index) => showStep(step, index === 0)).join('');
}

/** What stands at a path of plain data. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return (inner as readonly unknown[])[Number(step)];
    return isObject(inner) && Object.hasOwn(inner, step) ? inner[String(step)] : undefined;
  }, value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function showStep(step: string | number, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[\w/<-]{1,64}$/.test(step)) return `[${JSON.stringify(step.slice(0, 64))}]`;
  return first ? step : `.${step}`;
}

function pathOf(value: unknown, text: string, path: Path): Path | undefined {
  if (value === text) return path;
  const entries = Array.isArray(value) ? value.entries() : isObject(value) ? Object.entries(value) : [];
  for (const [step, inner] of entries) {
    const found = pathOf(inner, text, [...path, step]);
    if (found) return found;
  }
  return undefined;
}

function aliasesOf(document: Document): readonly Alias[] {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  return aliases;
}

function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}
