/** One element of a reply, with only what the readers need. Names are as sent; text is the element's own, untrimmed. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export function childrenNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter(child => child.name === name) ?? [];
}

/** The child of that name, if there is exactly one: of two that disagree, none can be believed. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  const found = childrenNamed(element, name);
  return found.length === 1 ? found[0] : undefined;
}

/** The trimmed text of the one child of that name; undefined when it is missing or empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return textOf(child(element, name));
}

/** The element's own trimmed text; undefined when there is none. */
export function textOf(element: XmlElement | undefined): string | undefined {
  const text = element?.text.trim();
  return text === undefined || text === '' ? undefined : text;
}

/** The text of an element and of everything in it, in order of depth, for messages and for replies that are one text. */
export function wholeText(element: XmlElement): string {
  const parts = [element.text, ...element.children.map(wholeText)];
  return parts
    .map(part => part.trim())
    .filter(part => part !== '')
    .join('\n');
}

/** A whole number of at most 15 digits, which a double holds exactly; undefined when the text is anything else. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
