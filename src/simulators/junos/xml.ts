/** An element to be written; `raw` is text that was written before. */
export interface Element {
  readonly name: string;
  readonly attributes?: string;
  /** A value, or what stands inside. Children may be made while they are written. */
  readonly content: string | Iterable<Element | Raw>;
}

export interface Raw {
  readonly raw: string;
}

/** NETCONF puts every value on a line of its own and indents nothing; the CLI indents by four and keeps values in line. */
export type Layout = 'netconf' | 'cli';

export function element(
  name: string,
  content: string | number | Iterable<Element | Raw> = '',
  attributes = '',
): Element {
  return { name, content: typeof content === 'number' ? String(content) : content, attributes };
}

/** Writes an element piece by piece. */
export function* write(item: Element | Raw, layout: Layout, depth = 0): Generator<string> {
  if ('raw' in item) {
    yield item.raw;
    return;
  }
  const { name, content } = item;
  const indent = layout === 'cli' ? '    '.repeat(depth) : '';
  const attributes = item.attributes === undefined || item.attributes === '' ? '' : ` ${item.attributes}`;
  if (typeof content === 'string') {
    yield layout === 'cli'
      ? `${indent}<${name}${attributes}>${escape(content)}</${name}>\n`
      : `<${name}${attributes}>\n${escape(content)}\n</${name}>\n`;
    return;
  }
  yield `${indent}<${name}${attributes}>\n`;
  for (const child of content) yield* write(child, layout, depth + 1);
  yield `${indent}</${name}>\n`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
