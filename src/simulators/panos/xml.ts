/** The simulator's own XML writer: escapes text, refuses names that are no XML names, and nothing more. */

/** A finished piece of XML. Only the functions below make one, so plain text can never slip in unescaped. */
export class Xml {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type XmlContent = Xml | string | number;

/** Child elements by name, in the order given; `undefined` leaves the element out. */
export type XmlFields = Readonly<Record<string, XmlContent | readonly Xml[] | undefined>>;

/** `<name>content</name>`; without content `<name></name>`, as PAN-OS writes most empty elements. */
export function element(name: string, ...content: readonly XmlContent[]): Xml {
  return elementWith(name, {}, ...content);
}

/** An element with attributes in double quotes. */
export function elementWith(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...content: readonly XmlContent[]
): Xml {
  const written = Object.entries(attributes).map(([key, value]) => ` ${checked(key)}="${escape(value)}"`);
  return new Xml(`<${checked(name)}${written.join('')}>${join(content)}</${name}>`);
}

/** One element per field, in order. An array becomes the children of its element. */
export function fields(values: XmlFields): Xml[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [isList(value) ? element(name, ...value) : element(name, value)];
  });
}

/** Text in a CDATA section; a `]]>` inside is split over two sections. */
export function cdata(text: string): Xml {
  return new Xml(`<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`);
}

function join(content: readonly XmlContent[]): string {
  return content.map(piece => (piece instanceof Xml ? piece.toString() : escape(String(piece)))).join('');
}

function isList(value: XmlContent | readonly Xml[]): value is readonly Xml[] {
  return Array.isArray(value);
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function checked(name: string): string {
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) throw new TypeError(`not an XML name: ${name}`);
  return name;
}
