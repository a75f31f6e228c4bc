import type { Source } from './carried.ts';
import { isForwardingHeader } from './headers.ts';

/** The head of an HTTP/1 request, as far as it matters here. */
export interface Head {
  /** Bytes of the head, with the empty line. */
  readonly bytes: number;
  /** `GET /index.html`. */
  readonly line: string;
  readonly method: string;
  readonly headers: readonly (readonly [Source, string])[];
  readonly contentLength: number;
  readonly chunked: boolean;
  /** The stream may become something else behind this request. */
  readonly switches: boolean;
}

/** Longest head that is waited for; servers refuse far shorter ones. */
export const LONGEST_HEAD = 64 * 1024;
const LONGEST_METHOD = 20;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/**
 * Reads the head of a request from `bytes[at, end)`. `more`: it goes on behind `end`. With `last` nothing will come
 * behind `end`: then the whole lines count. Undefined: this is no request.
 */
export function readHead(bytes: Buffer, at: number, end: number, last: boolean): Head | 'more' | undefined {
  const methodEnd = endOfMethod(bytes, at, end);
  if (methodEnd === undefined) return undefined;
  const firstLineEnd = lineEnd(bytes, at, end);
  if (firstLineEnd === -1) return last || end - at > LONGEST_HEAD ? undefined : 'more';
  const line = bytes.toString('latin1', at, firstLineEnd).trimEnd();
  const protocol = / HTTP\/1\.[0-9]$/.exec(line);
  if (!protocol) return undefined;
  const fields = readFields(bytes, firstLineEnd + 1, end);
  if (!fields.complete && !last) return end - at > LONGEST_HEAD ? undefined : 'more';
  const method = bytes.toString('latin1', at, methodEnd);
  return {
    ...fields,
    bytes: fields.end - at,
    line: line.slice(0, protocol.index),
    method,
    switches: fields.switches || method === 'CONNECT',
  };
}

/** Where the method ends; `end` when it may go on; undefined when these bytes begin no request. */
function endOfMethod(bytes: Buffer, at: number, end: number): number | undefined {
  const most = Math.min(end, at + LONGEST_METHOD);
  for (let index = at; index < most; index++) {
    const byte = bytes[index] as number;
    if (byte === SPACE && index > at + 2) return index;
    const isToken = (byte >= 0x41 && byte <= 0x5a) || byte === 0x2d || byte === 0x5f;
    if (!isToken) return undefined;
  }
  return most === end ? end : undefined;
}

interface Fields {
  end: number;
  complete: boolean;
  readonly headers: (readonly [Source, string])[];
  contentLength: number;
  chunked: boolean;
  switches: boolean;
}

function readFields(bytes: Buffer, from: number, end: number): Fields {
  const fields: Fields = { end, complete: false, headers: [], contentLength: 0, chunked: false, switches: false };
  for (let at = from; ;) {
    const lineFeed = lineEnd(bytes, at, end);
    if (lineFeed === -1) return fields;
    if (lineFeed === at || (lineFeed === at + 1 && bytes[at] === 0x0d)) {
      fields.end = lineFeed + 1;
      fields.complete = true;
      return fields;
    }
    readField(bytes, at, foldedEnd(bytes, lineFeed, end), fields);
    at = lineFeed + 1;
  }
}

function readField(bytes: Buffer, at: number, end: number, fields: Fields): void {
  switch ((bytes[at] as number) | 0x20) {
    case 0x63: // c
    case 0x66: // f
    case 0x74: // t
    case 0x75: // u
    case 0x78: // x
      break;
    default:
      return;
  }
  const colon = bytes.subarray(at, end).indexOf(0x3a);
  if (colon <= 0) return;
  const name = bytes
    .toString('latin1', at, at + colon)
    .trim()
    .toLowerCase();
  const value = (): string =>
    bytes
      .toString('latin1', at + colon + 1, end)
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .trim();
  if (isForwardingHeader(name)) fields.headers.push([name, value()]);
  else if (name === 'content-length') fields.contentLength = Number.parseInt(value(), 10) || 0;
  else if (name === 'transfer-encoding') fields.chunked = /chunked\s*$/i.test(value());
  else if (name === 'upgrade') fields.switches = true;
}

/** The end of a field that goes on in lines that begin with white space (obsolete, RFC 9112 section 5.2). */
function foldedEnd(bytes: Buffer, lineFeed: number, end: number): number {
  let last = lineFeed;
  while (last + 1 < end && (bytes[last + 1] === SPACE || bytes[last + 1] === 0x09)) {
    const next = lineEnd(bytes, last + 1, end);
    if (next === -1) return last;
    last = next;
  }
  return last;
}

function lineEnd(bytes: Buffer, at: number, end: number): number {
  for (let index = at; index < end; index++) if (bytes[index] === LINE_FEED) return index;
  return -1;
}
