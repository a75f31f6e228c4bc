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

  /** Looks at the buffer; gives the offset from which it must be kept for the next chunk. */
  #scan(): number {
    const length = this.#buffer.length;
    let position = 0;
    for (;;) {
      const tag = this.#skipText(position);
      if (tag === length) return this.#textStart === NONE ? length : this.#textStart;
      const next = this.#tag(tag);
      if (next === NONE) return this.#textStart === NONE ? tag : this.#textStart;
      position = next;
    }
  }

  #skipText(from: number): number {
    const buffer = this.#buffer;
    const length = buffer.length;
    let at = from;
    if (this.#depth > 0) {
      while (at < length && buffer[at] !== LT) at += 1;
      return at;
    }
    for (; at < length && buffer[at] !== LT; at += 1) {
      if ((buffer[at] as number) > SPACE) throw new ReplySurprise('text outside of the root element');
    }
    return at;
  }

  /** Reads the tag at `at`; gives the offset after it, or NONE when it is not all there. */
  #tag(at: number): number {
    switch (this.#buffer[at + 1]) {
      case undefined:
        return NONE;
      case SLASH:
        return this.#endTag(at);
      case BANG:
        return this.#comment(at);
      case QUESTION:
        return this.#instruction(at);
      default:
        return this.#startTag(at);
    }
  }

  #startTag(at: number): number {
    const buffer = this.#buffer;
    const length = buffer.length;
    let hash = 0;
    let nameStart = at + 1;
    let cursor = nameStart;
    let byte = 0;
    for (; cursor < length; cursor += 1) {
      byte = buffer[cursor] as number;
      if (NAME_BYTE[byte] !== 1) {
        if (byte !== COLON) break;
        hash = 0;
        nameStart = cursor + 1;
      } else {
        hash = (Math.imul(hash, 31) + byte) | 0;
      }
    }
    if (cursor === length) return NONE;
    if (byte !== GT && byte !== SLASH && byte > SPACE) throw new ReplySurprise('a malformed tag');
    if (cursor === nameStart) throw new ReplySurprise('a tag without a name');
    const name = this.#nameAt(hash, nameStart, cursor);
    const close = byte === GT ? cursor : endOfAttributes(buffer, cursor);
    if (close === NONE) return NONE;
    this.#push(hash, name);
    if (name !== NONE) this.#reader.open(name);
    this.#textStart = close + 1;
    if (buffer[close - 1] === SLASH) {
      this.#textEnd = this.#textStart;
      this.#pop(hash);
    }
    return close + 1;
  }

  #endTag(at: number): number {
    const buffer = this.#buffer;
    const length = buffer.length;
    let hash = 0;
    let cursor = at + 2;
    let byte = 0;
    for (; cursor < length; cursor += 1) {
      byte = buffer[cursor] as number;
      if (NAME_BYTE[byte] === 1) hash = (Math.imul(hash, 31) + byte) | 0;
      else if (byte === COLON) hash = 0;
      else break;
    }
    while (cursor < length && (buffer[cursor] as number) <= SPACE) cursor += 1;
    if (cursor === length) return NONE;
    if (buffer[cursor] !== GT) throw new ReplySurprise('a malformed end tag');
    this.#textEnd = at;
    this.#pop(hash);
    return cursor + 1;
  }

  #comment(at: number): number {
    const opening = this.#buffer.toString('latin1', at, at + 4);
    if (!'<!--'.startsWith(opening)) throw new ReplySurprise('a DOCTYPE or CDATA section, which Junos never sends');
    const end = this.#buffer.indexOf('-->', at + 4);
    if (end === -1) return NONE;
    // A comment may stand inside of containers (facts: junos, 4.3); text around one is not put together.
    this.#textStart = NONE;
    return end + 3;
  }

  #instruction(at: number): number {
    const end = this.#buffer.indexOf('?>', at);
    return end === -1 ? NONE : end + 2;
  }

  #push(hash: number, name: number): void {
    if (this.#rootClosed) throw new ReplySurprise('a second root element');
    if (this.#depth === DEPTH_MAX) throw new ReplySurprise(`elements nested deeper than ${DEPTH_MAX}`);
    this.#stack[this.#depth] = hash;
    this.#stackNames[this.#depth] = name;
    this.#depth += 1;
  }

  #pop(hash: number): void {
    if (this.#depth === 0) throw new ReplySurprise('an end tag without a start tag');
    this.#depth -= 1;
    if (this.#stack[this.#depth] !== hash) throw new ReplySurprise('an end tag that does not match its start tag');
    const name = this.#stackNames[this.#depth] as number;
    if (name !== NONE) this.#reader.close(name, this);
    this.#textStart = NONE;
    if (this.#depth === 0) this.#rootClosed = true;
  }

  /** Place in the vocabulary of the name between the offsets, or NONE. */
  #nameAt(hash: number, start: number, end: number): number {
    const entry = this.#table[hash & (TABLE_SIZE - 1)] as number;
    if (entry === 0) return NONE;
    const name = this.#names[entry - 1] as Buffer;
    if (name.length !== end - start) return NONE;
    for (let index = 0; index < name.length; index += 1) {
      if (name[index] !== this.#buffer[start + index]) return NONE;
    }
    return entry - 1;
  }
}

function endOfAttributes(buffer: Buffer, from: number): number {
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
