import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import type { ConfigProblem } from '../core/errors.ts';
import { findText, type Path, showPath, valueAt } from './path.ts';

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
    return findText(valueAt(this.value, path), text, path);
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

/** Where a node of the document begins, in characters from the top. */
export function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}
