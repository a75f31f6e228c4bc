import { Bug } from '../../../core/errors.ts';

/** An element of a request: its name, its attributes, and text or elements inside it. */
interface Markup {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children: readonly (Markup | string)[];
}

/** One call of the XML API: the form that the device gets, without the key, and the same in words for people. */
export interface Command {
  readonly form: Readonly<Record<string, string>>;
  readonly words: string;
}

export function element(name: string, ...children: readonly (Markup | string)[]): Markup {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Bug(`not a command word: ${name}`);
  return { name, children };
}

/** The same with attributes, for documents; commands of the CLI have none. */
export function elementWith(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Markup | string)[]
): Markup {
  return { ...element(name, ...children), attributes };
}

/** The words of a command without arguments, one inside the other: `path('show', 'system', 'info')`. */
export function path(first: string, ...rest: readonly string[]): Markup {
  const [next, ...others] = rest;
  return next === undefined ? element(first) : element(first, path(next, ...others));
}

/** An operational command. */
export function command(markup: Markup): Command {
  return { form: { type: 'op', cmd: write(markup) }, words: speak(markup) };
}

/** The text of an element, with everything in it escaped. */
export function write(markup: Markup | string): string {
  if (typeof markup === 'string') return escape(markup);
  const attributes = Object.entries(markup.attributes ?? {}).map(([name, value]) => ` ${name}="${escape(value)}"`);
  return `<${markup.name}${attributes.join('')}>${markup.children.map(write).join('')}</${markup.name}>`;
}

function speak(markup: Markup | string): string {
  if (typeof markup === 'string') return /^[\w.:/-]+$/.test(markup) ? markup : JSON.stringify(markup);
  return [markup.name, ...Object.values(markup.attributes ?? {}).map(speak), ...markup.children.map(speak)].join(' ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escape(text: string): string {
  // Control characters cannot stand in XML 1.0, not even escaped.
  if (/\p{Cc}/u.test(text)) throw new Bug('control characters cannot be sent in a command');
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '');
}
