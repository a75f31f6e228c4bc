import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { XmlElement } from './element.ts';

// Deeper than any reply seen, and far below what makes the parser slow.
const DEEPEST = 64;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Values stay text: a parsed 10.10 would be 10.1, and 64-bit numbers would lose digits.
  parseTagValue: false,
  parseAttributeValue: false,
  // Without it &#39; would stay as it is.
  htmlEntities: true,
  trimValues: false,
  maxNestedTags: DEEPEST,
});

/**
 * Parses a whole document. Throws an Error that says what is wrong: not well-formed, cut off, more than one root, or a
 * document type, which no device sends and which can define entities.
 */
export function parseXml(text: string): XmlElement {
  if (/<!DOCTYPE/i.test(text)) throw new Error('a document type is not allowed');
  // The parser passes over text after the root.
  if (!text.trimEnd().endsWith('>')) throw new Error('there is text outside of the root element');
  const elements = document.parse(parser.parse(text, true)).filter(isElement).map(elementOf);
  const [root] = elements;
  if (!root || elements.length > 1) throw new Error(`${elements.length} root elements`);
  return root;
}

/** What the parser gives for each element or text: the name is the key that is not `:@`. */
const piece = z.record(z.string(), z.unknown());
type Piece = z.infer<typeof piece>;
const document = z.array(piece);
const attributes = z.record(z.string(), z.string()).default({});

function isElement(node: Piece): boolean {
  return !('#text' in node);
}

function elementOf(node: Piece): XmlElement {
  const name = Object.keys(node).find(key => key !== ':@') ?? '';
  const inside = document.parse(node[name]);
  return {
    name,
    attributes: attributes.parse(node[':@']),
    children: inside.filter(isElement).map(elementOf),
    text: inside.map(part => (typeof part['#text'] === 'string' ? part['#text'] : '')).join(''),
  };
}
