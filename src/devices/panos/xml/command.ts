import { Bug } from '../../../core/errors.ts';

/** An element of a request: its name, and either text or elements inside it. */
interface Markup {
  readonly name: string;
  readonly children: readonly (Markup | string)[];
}

/** One operational command, as the device gets it and as a person would type it. */
export interface Command {
  readonly xml: string;
  readonly words: string;
}

export function element(name: string, ...children: readonly (Markup | string)[]): Markup {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Bug(`not a command word: ${name}`);
  return { name, children };
}

/** The words of a command without arguments, one inside the other: `path('show', 'system', 'info')`. */
export function path(first: string, ...rest: readonly string[]): Markup {
  const [next, ...others] = rest;
  return next === undefined ? element(first) : element(first, path(next, ...others));
}

export function command(markup: Markup): Command {
  return { xml: write(markup), words: speak(markup) };
}

function write(markup: Markup | string): string {
  if (typeof markup === 'string') return escape(markup);
  return `<${markup.name}>${markup.children.map(write).join('')}</${markup.name}>`;
}

function speak(markup: Markup | string): string {
  if (typeof markup === 'string') return /^[\w.:/-]+$/.test(markup) ? markup : JSON.stringify(markup);
  return [markup.name, ...markup.children.map(speak)].join(' ');
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
