import { ReplySurprise } from '../replies/fault.ts';

/** Is told of the elements of a vocabulary, by their place in it, as they pass. */
export interface ElementReader {
  open(name: number): void;
  /** The element ends; `scanner.text()` and `scanner.uint()` give its text when it held no other element. */
  close(name: number, scanner: XmlScanner): void;
}

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const COLON = 0x3a;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const SPACE = 0x20;

const DEPTH_MAX = 64;
/** The longest tag, text or comment; Junos values are far below. */
const TOKEN_MAX = 256 * 1024;
const TABLE_SIZE = 1024;
const NONE = -1;

/** 1 for the bytes of a local name: ASCII letters, digits, dash, dot, underscore. */
const NAME_BYTE = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._'))
  NAME_BYTE[byte] = 1;

/**
 * Reads XML of any length in bounded memory, as fast as bytes can be looked at one by one (a SAX parser of JavaScript
 * is several times slower). It holds the reply to what completeness needs: tags are balanced by local name (compared
 * by a 32-bit hash), there is one root, it is closed, and nothing but white space and comments follows it. DOCTYPE and
 * CDATA are refused. Namespaces are not looked at: Junos names carry the release in them (facts: junos, 8.2).
 */
export class XmlScanner {
  readonly #reader: ElementReader;
  readonly #names: readonly Buffer[];
  /** Vocabulary by hash: index + 1, or 0. The vocabulary has no two names of one slot, or the constructor throws. */
  readonly #table = new Int16Array(TABLE_SIZE);
  readonly #stack = new Int32Array(DEPTH_MAX);
  readonly #stackNames = new Int16Array(DEPTH_MAX);
  #depth = 0;
  #rootClosed = false;
  #buffer: Buffer = Buffer.alloc(0);
  /** Where the text of the innermost element begins, while that element has held no other. */
  #textStart = NONE;
  #textEnd = NONE;

  constructor(vocabulary: readonly string[], reader: ElementReader) {
    this.#reader = reader;
    this.#names = vocabulary.map(name => Buffer.from(name, 'latin1'));
    for (const [index, name] of this.#names.entries()) {
      const slot = hashOf(name) & (TABLE_SIZE - 1);
      if (this.#table[slot] !== 0) throw new RangeError(`vocabulary: ${vocabulary[index]} shares a slot with another`);
      this.#table[slot] = index + 1;
    }
  }

  /** Text of the element that is just closing, entities resolved, without white space around it. */
  text(): string {
    if (this.#textStart === NONE) return '';
    const raw = this.#buffer.toString('utf8', this.#textStart, this.#textEnd).trim();
    return raw.includes('&') ? resolveEntities(raw) : raw;
  }

  /** The same as a whole number from 0 to 2^53, or undefined when it is anything else, such as `N/A`. */
  uint(): number | undefined {
    const buffer = this.#buffer;
    let start = this.#textStart;
    let end = this.#textEnd;
    while (start < end && (buffer[start] as number) <= SPACE) start += 1;
    while (end > start && (buffer[end - 1] as number) <= SPACE) end -= 1;
    if (start === NONE || start === end || end - start > 15) return undefined;
    let value = 0;
    for (; start < end; start += 1) {
      const digit = (buffer[start] as number) - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      value = value * 10 + digit;
    }
    return value;
  }

  write(chunk: Uint8Array): void {
    const rest = this.#buffer;
    this.#buffer = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
    const keepFrom = this.#scan();
    if (this.#textStart !== NONE) this.#textStart -= keepFrom;
    this.#buffer = this.#buffer.subarray(keepFrom);
    if (this.#buffer.length > TOKEN_MAX) throw new ReplySurprise('a tag or text of more than 256 KiB');
  }

  /** The reply is over. Throws when it was not a whole document. */
  end(): void {
    if (this.#depth > 0) throw new ReplySurprise(`cut off: ${this.#depth} elements are still open`);
    if (!this.#rootClosed) throw new ReplySurprise('no XML element came');
    if (this.#buffer.length > 0) throw new ReplySurprise('cut off inside a tag');
  }

  /**
   * Looks at the buffer; gives the offset from which it must be kept for the next chunk. One long loop over local
   * variables: there are a hundred tags a session, and a call and a field for each made it a third slower.
   */
  #scan(): number {
    const buffer = this.#buffer;
    const length = buffer.length;
    const stack = this.#stack;
    const stackNames = this.#stackNames;
    let depth = this.#depth;
    let textStart = this.#textStart;
    let at = 0;
    for (;;) {
      if (depth > 0) while (at < length && buffer[at] !== LT) at += 1;
      else at = skipBlank(buffer, at);
      if (at === length) break;
      const kind = buffer[at + 1];
      const isEnd = kind === SLASH;
      let hash = 0;
      let nameStart = isEnd ? at + 2 : at + 1;
      let cursor = nameStart;
      let byte = 0;
      for (; cursor < length; cursor += 1) {
        byte = buffer[cursor] as number;
        if (NAME_BYTE[byte] === 1) {
          hash = (Math.imul(hash, 31) + byte) | 0;
        } else if (byte === COLON) {
          hash = 0;
          nameStart = cursor + 1;
        } else {
          break;
        }
      }
      if (cursor === length) break;
      if (isEnd) {
        if (byte !== GT) cursor = endOfEndTag(buffer, cursor);
        if (cursor === NONE) break;
        if (depth === 0) throw new ReplySurprise('an end tag without a start tag');
        depth -= 1;
        if (stack[depth] !== hash) throw new ReplySurprise('an end tag that does not match its start tag');
        const name = stackNames[depth] as number;
        if (name !== NONE) this.#close(name, textStart, at);
        textStart = NONE;
        if (depth === 0) this.#rootClosed = true;
      } else if (cursor === nameStart) {
        cursor = this.#noElement(at, kind);
        if (cursor === NONE) break;
        // A comment may stand inside of containers (facts: junos, 4.3); text around one is not put together.
        textStart = NONE;
      } else {
        if (byte !== GT) cursor = endOfStartTag(buffer, cursor);
        if (cursor === NONE) break;
        if (this.#rootClosed) throw new ReplySurprise('a second root element');
        if (depth === DEPTH_MAX) throw new ReplySurprise(`elements nested deeper than ${DEPTH_MAX}`);
        const name = this.#nameAt(hash, nameStart);
        if (name !== NONE) this.#reader.open(name);
        textStart = cursor + 1;
        if (buffer[cursor - 1] === SLASH) {
          if (name !== NONE) this.#close(name, textStart, textStart);
          textStart = NONE;
          if (depth === 0) this.#rootClosed = true;
        } else {
          stack[depth] = hash;
          stackNames[depth] = name;
          depth += 1;
        }
      }
      at = cursor + 1;
    }
    this.#depth = depth;
    this.#textStart = textStart;
    return textStart === NONE ? at : textStart;
  }

  #close(name: number, textStart: number, textEnd: number): void {
    this.#textStart = textStart;
    this.#textEnd = textEnd;
    this.#reader.close(name, this);
  }

  /** What begins like a tag and is no element; gives the offset of its last byte, or NONE when it is not all there. */
  #noElement(at: number, kind: number | undefined): number {
    if (kind === BANG) return this.#comment(at);
    if (kind === QUESTION) return this.#instruction(at);
    throw new ReplySurprise('a tag without a name');
  }

  #comment(at: number): number {
    const opening = this.#buffer.toString('latin1', at, at + 4);
    if (!'<!--'.startsWith(opening)) throw new ReplySurprise('a DOCTYPE or CDATA section, which Junos never sends');
    const end = this.#buffer.indexOf('-->', at + 4);
    return end === -1 ? NONE : end + 2;
  }

  #instruction(at: number): number {
    const end = this.#buffer.indexOf('?>', at);
    return end === -1 ? NONE : end + 1;
  }

  /** Place in the vocabulary of the name that begins there, or NONE. */
  #nameAt(hash: number, start: number): number {
    const entry = this.#table[hash & (TABLE_SIZE - 1)] as number;
    if (entry === 0) return NONE;
    const name = this.#names[entry - 1] as Buffer;
    for (let index = 0; index < name.length; index += 1) {
      if (name[index] !== this.#buffer[start + index]) return NONE;
    }
    return NAME_BYTE[this.#buffer[start + name.length] ?? 0] === 1 ? NONE : entry - 1;
  }
}

function skipBlank(buffer: Buffer, from: number): number {
  let at = from;
  for (; at < buffer.length && buffer[at] !== LT; at += 1) {
    if ((buffer[at] as number) > SPACE) throw new ReplySurprise('text outside of the root element');
  }
  return at;
}

/** Offset of the `>` of an end tag, or NONE when it is not there yet. */
function endOfEndTag(buffer: Buffer, from: number): number {
  let cursor = from;
  while (cursor < buffer.length && (buffer[cursor] as number) <= SPACE) cursor += 1;
  if (cursor === buffer.length) return NONE;
  if (buffer[cursor] !== GT) throw new ReplySurprise('a malformed end tag');
  return cursor;
}

/** Offset of the `>` of a start tag, past its attributes, or NONE when it is not there yet. */
function endOfStartTag(buffer: Buffer, from: number): number {
  const first = buffer[from] as number;
  if (first !== SLASH && first > SPACE) throw new ReplySurprise('a malformed tag');
  let quote = 0;
  for (let cursor = from; cursor < buffer.length; cursor += 1) {
    const byte = buffer[cursor] as number;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === SLASH && cursor + 1 < buffer.length && buffer[cursor + 1] !== GT) {
      throw new ReplySurprise('a slash in the middle of a tag');
    } else if (byte === QUOTE || byte === APOSTROPHE) {
      quote = byte;
    } else if (byte === GT) {
      return cursor;
    } else if (byte === LT) {
      throw new ReplySurprise('a tag inside of a tag');
    }
  }
  return NONE;
}

function hashOf(name: Buffer): number {
  let hash = 0;
  for (const byte of name) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));?/g, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
