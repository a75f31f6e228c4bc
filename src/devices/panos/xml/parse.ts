import { SaxesParser } from 'saxes';
import type { XmlElement } from './element.ts';

// Deeper than any reply seen.
const DEEPEST = 64;

/**
 * Parses a whole document. Throws an Error that says what is wrong: not well-formed, cut off, more than one root, or a
 * document type, which no device sends and which can define entities. Values stay text: a parsed 10.10 would be 10.1, and
 * 64-bit numbers would lose digits. Replies of the log queries have megabytes, so it is one pass without a copy.
 */
export function parseXml(text: string): XmlElement {
  const tree = new Tree();
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', error => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type is not allowed');
  });
  parser.on('opentag', tag => tree.open(tag.name, tag.attributes));
  parser.on('text', piece => tree.text(piece));
  parser.on('cdata', piece => tree.text(piece));
  parser.on('closetag', () => tree.close());
  parser.write(text).close();
  return tree.root();
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Open[];
  text: string;
}

class Tree {
  readonly #open: Open[] = [];
  #root: Open | undefined;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === '__proto__') throw new Error('an element with the name __proto__');
    if (this.#open.length === DEEPEST) throw new Error(`more than ${DEEPEST} elements inside each other`);
    const element = { name, attributes, children: [], text: '' };
    this.#open.at(-1)?.children.push(element);
    this.#root ??= element;
    this.#open.push(element);
  }

  text(piece: string): void {
    const element = this.#open.at(-1);
    if (element) element.text += piece;
  }

  close(): void {
    this.#open.pop();
  }

  root(): XmlElement {
    if (!this.#root) throw new Error('0 root elements');
    return this.#root;
  }
}
