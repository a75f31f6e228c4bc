import { SaxesParser } from 'saxes';
import { ReplyFault, ReplySurprise } from './fault.ts';
import { fromRoot } from './reply-start.ts';

/** An element by its local name: Junos prefixes and name spaces change with release and configuration. */
export interface Element {
  readonly name: string;
  /** Its own text without white space around it, where it holds no element. */
  readonly text: string;
  readonly children: readonly Element[];
}

const BYTES_MAX = 16 * 1024 * 1024;
const DEPTH_MAX = 64;

/**
 * Reads a reply of moderate length whole. Throws ReplyFault when it holds an error, wherever that stands, and
 * ReplySurprise when it is not a whole XML document or is empty: an empty reply is no answer, never a zero.
 */
export async function readTree(chunks: AsyncIterable<Buffer>): Promise<Element> {
  const root = await parseTree(fromRoot(chunks));
  const fault = faultIn(root);
  if (fault) throw fault;
  if (root.children.length === 0) throw new ReplySurprise('an empty reply');
  return root;
}

/** The same without looking at what it says. */
export async function parseTree(chunks: AsyncIterable<Buffer>): Promise<Element> {
  const builder = new TreeBuilder();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > BYTES_MAX) throw new ReplySurprise('a reply of more than 16 MiB, where a short one was expected');
    builder.write(decode(decoder, chunk));
  }
  return builder.end();
}

/** Every element of that name under `root`, in order; does not look inside of a found one. */
export function* descendants(root: Element, name: string): Generator<Element> {
  for (const child of root.children) {
    if (child.name === name) yield child;
    else yield* descendants(child, name);
  }
}

export function child(element: Element, name: string): Element | undefined {
  return element.children.find(candidate => candidate.name === name);
}

/** Text of a child, or undefined. */
export function textOf(element: Element, name: string): string | undefined {
  return child(element, name)?.text;
}

/** A child's text as a whole number; undefined when it is absent or anything else, such as `N/A`. */
export function countOf(element: Element, name: string): number | undefined {
  const text = textOf(element, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The first error of severity error that the tree holds: `rpc-error`, `xnm:error` or a bare `error`. */
export function faultIn(element: Element): ReplyFault | undefined {
  if (element.name === 'rpc-error' || element.name === 'error') {
    if (textOf(element, 'error-severity') === 'warning') return undefined;
    const message = textOf(element, 'error-message') ?? textOf(element, 'message') ?? element.text;
    const info = child(element, 'error-info');
    const bad = info && textOf(info, 'bad-element');
    return new ReplyFault(
      `${message.replace(/\s+/g, ' ').slice(0, 500)}${bad === undefined ? '' : ` (${bad.slice(0, 100)})`}`,
    );
  }
  for (const inner of element.children) {
    const fault = faultIn(inner);
    if (fault) return fault;
  }
  return undefined;
}

interface Growing {
  readonly name: string;
  text: string;
  readonly children: Element[];
}

class TreeBuilder {
  readonly #parser = new SaxesParser({ xmlns: false, fragment: false });
  readonly #open: Growing[] = [];
  #root: Element | undefined;

  constructor() {
    this.#parser.on('error', error => {
      throw new ReplySurprise(`not well-formed: ${error.message.slice(0, 200)}`);
    });
    this.#parser.on('doctype', () => {
      throw new ReplySurprise('a DOCTYPE, which Junos never sends');
    });
    this.#parser.on('opentag', tag => {
      if (this.#open.length === DEPTH_MAX) throw new ReplySurprise(`elements nested deeper than ${DEPTH_MAX}`);
      this.#open.push({ name: tag.name.slice(tag.name.indexOf(':') + 1), text: '', children: [] });
    });
    this.#parser.on('text', text => {
      const innermost = this.#open.at(-1);
      if (innermost) innermost.text += text;
    });
    this.#parser.on('closetag', () => {
      const done = this.#open.pop();
      if (!done) return;
      const element = { ...done, text: done.children.length === 0 ? done.text.trim() : '' };
      const parent = this.#open.at(-1);
      if (parent) parent.children.push(element);
      else this.#root = element;
    });
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  end(): Element {
    this.#parser.close();
    if (!this.#root) throw new ReplySurprise('no XML element came');
    return this.#root;
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new ReplySurprise('bytes that are not UTF-8');
  }
}
