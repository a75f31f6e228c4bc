import { h, type ComponentChild } from 'preact';

/** A piece of a page. What is in it is text until the renderer escapes it. */
export type Html = ComponentChild;

/** The head of a table. An empty name is a column that needs none. */
export function heading(...names: readonly string[]): Html {
  return h('thead', null, h('tr', null, ...names.map(name => h('th', null, name))));
}
