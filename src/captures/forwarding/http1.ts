import type { Source } from './carried.ts';
import { FORWARDING_HEADERS, isForwardingHeader } from './headers.ts';

/** The head of an HTTP/1 request, as far as it matters here. */
export interface Head {
  /** Bytes of the head, with the empty line. */
  readonly bytes: number;
  /** `GET /index.html`. */
  readonly line: string;
  readonly headers: readonly (readonly [Source, string])[];
  readonly contentLength: number;
  readonly chunked: boolean;
  /** The stream may become something else behind this request. */
  readonly switches: boolean;
}

/** Longest head that is waited for; servers refuse far shorter ones. */
export const LONGEST_HEAD = 64 * 1024;
export const LONGEST_METHOD = 20;
/** Beyond so many bytes it is known whether a request, a PROXY header in text or the preface of HTTP/2 has begun. */
const LONGEST_START = 128;
export const PROTOCOL = ' HTTP/1.';
export const SPACE = 0x20;
const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
/** Names of the headers that matter, in lower case. */
export const HEADER_NAMES = [...FORWARDING_HEADERS, 'content-length', 'transfer-encoding', 'upgrade'];
/** By the first letter of a header's name, in lower case, and by its length: most headers need no closer look. */
export const FIRST_LETTERS = Uint8Array.from({ length: 256 }, (_, code) =>
  HEADER_NAMES.some(name => name.charCodeAt(0) === code) ? 1 : 0,
);
const LENGTHS = Uint8Array.from({ length: 64 }, (_, length) =>
  HEADER_NAMES.some(name => name.length === length) ? 1 : 0,
);

/**
 * Reads the head of a request from `bytes[at, end)`. `more`: it goes on behind `end`. With `last` nothing will come
 * behind `end`: then the whole lines count. Undefined: this is no request.
 */
export function readHead(bytes: Buffer, at: number, end: number, last: boolean): Head | 'more' | undefined {
  if (!beginsWithMethod(bytes, at, end)) return undefined;
  // Searching in a string is several times faster than a loop over bytes.
  const text = bytes.toString('latin1', at, Math.min(end, at + LONGEST_HEAD));
  const incomplete = last || text.length === LONGEST_HEAD ? undefined : 'more';
  const lineFeed = text.indexOf('\n');
  if (lineFeed === -1) return incomplete;
  const line = text.slice(0, text.charCodeAt(lineFeed - 1) === CARRIAGE_RETURN ? lineFeed - 1 : lineFeed);
  if (!line.startsWith(PROTOCOL, line.length - PROTOCOL.length - 1)) return undefined;
  const fields = readFields(text, lineFeed + 1);
  if (!fields.complete && !last) return incomplete;
  return {
    bytes: fields.end,
    line: line.slice(0, -PROTOCOL.length - 1),
    headers: fields.headers,
    contentLength: fields.contentLength,
    chunked: fields.chunked,
    switches: fields.switches || line.startsWith('CONNECT '),
  };
}

/**
 * False when a head of which `readHead` said `more` is still incomplete with `bytes[at, end)` behind it. Whoever reads it
 * again for each packet needs a thousand times as long as it has bytes: heads that come byte by byte are an old attack.
 */
export function mayComplete(head: Buffer, bytes: Buffer, at: number, end: number): boolean {
  if (head.length <= LONGEST_START || head.length + end - at >= LONGEST_HEAD) return true;
  if (head[0] === CARRIAGE_RETURN) return true; // a PROXY header of version 2 is no text
  const more = bytes.subarray(at, end);
  const byteBefore = (index: number): number | undefined =>
    index === 0 || index === -1 ? head.at(index - 1) : more[index - 1];
  for (let index = more.indexOf(LINE_FEED); index !== -1; index = more.indexOf(LINE_FEED, index + 1)) {
    const before = byteBefore(index) === CARRIAGE_RETURN ? index - 1 : index;
    if (byteBefore(before) === LINE_FEED || !head.includes(LINE_FEED)) return true;
  }
  return false;
}

/** False when these bytes cannot begin a request, as far as they go. */
function beginsWithMethod(bytes: Buffer, at: number, end: number): boolean {
  const most = Math.min(end, at + LONGEST_METHOD);
  for (let index = at; index < most; index++) {
    const byte = bytes[index] as number;
    if (byte === SPACE) return index > at + 2;
    const isToken = (byte >= 0x41 && byte <= 0x5a) || byte === 0x2d || byte === 0x5f;
    if (!isToken) return false;
  }
  return most === end;
}

interface Fields {
  end: number;
  /** Where the first colon behind the field that was read last stands; beyond all text when there is none. */
  colon: number;
  complete: boolean;
  headers: (readonly [Source, string])[];
  contentLength: number;
  chunked: boolean;
  switches: boolean;
}

function readFields(text: string, from: number): Fields {
  const fields: Fields = {
    end: text.length,
    colon: 0,
    complete: false,
    headers: [],
    contentLength: 0,
    chunked: false,
    switches: false,
  };
  for (let at = from; ;) {
    const lineFeed = text.indexOf('\n', at);
    if (lineFeed === -1) return fields;
    const first = text.charCodeAt(at);
    if (lineFeed === at || (lineFeed === at + 1 && first === CARRIAGE_RETURN)) {
      fields.end = lineFeed + 1;
      fields.complete = true;
      return fields;
    }
    if (FIRST_LETTERS[first | 0x20] === 1) readField(text, at, lineFeed, fields);
    at = lineFeed + 1;
  }
}

function readField(text: string, at: number, lineFeed: number, fields: Fields): void {
  // Searched for once, not in each of thousands of lines that have none.
  if (fields.colon < at) fields.colon = text.indexOf(':', at) >>> 0;
  const { colon } = fields;
  if (colon > lineFeed) return;
  let end = colon;
  while (isBlank(text.charCodeAt(end - 1))) end--; // some proxies write a space before the colon
  if (LENGTHS[end - at] !== 1) return;
  const name = text.slice(at, end).toLowerCase();
  if (isForwardingHeader(name)) {
    fields.headers.push([name, unfold(text, colon + 1, lineFeed)]);
  } else if (name === 'content-length') {
    fields.contentLength = Number.parseInt(text.slice(colon + 1, lineFeed), 10) || 0;
  } else if (name === 'transfer-encoding') {
    fields.chunked = /chunked\s*$/i.test(unfold(text, colon + 1, lineFeed));
  } else if (name === 'upgrade') {
    fields.switches = true;
  }
}

/** A value that may go on in lines that begin with white space (obsolete, RFC 9112 section 5.2). */
function unfold(text: string, from: number, lineFeed: number): string {
  let end = lineFeed;
  for (;;) {
    const next = isBlank(text.charCodeAt(end + 1)) ? text.indexOf('\n', end + 1) : -1;
    if (next === -1) break;
    end = next;
  }
  const value = text.slice(from, end).trim();
  return end === lineFeed ? value : value.replaceAll(/\r?\n[ \t]+/g, ' ');
}

/** True for the white space that may stand around a header's name and value. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
