import type { Carrier } from '../forwarding/carried.ts';
import { stepOverChunks } from '../forwarding/chunks.ts';
import { carriersOf } from '../forwarding/headers.ts';
import { readHead, type Head } from '../forwarding/http1.ts';
import { Http2Stream, PREFACE } from '../forwarding/http2.ts';
import { readProxyHeader } from '../forwarding/proxy-protocol.ts';
import type { Book } from './book.ts';
import { NOTHING } from './read-tls.ts';
import { Stage } from './stage.ts';
import type { Stream } from './stream.ts';

/** Reads what may be a request, a PROXY header or the preface of HTTP/2. Returns as `readTlsStart` does. */
export function readRequestStart(
  stream: Stream,
  book: Book,
  bytes: Buffer,
  at: number,
  end: number,
  last: boolean,
): number {
  const first = bytes[at];
  if (first === 0x50 || first === 0x0d) {
    const special = readSpecialStart(stream, book, bytes, at, end);
    if (special !== NOTHING) return special;
  }
  const head = readHead(bytes, at, end, last);
  if (head === undefined) return NOTHING;
  if (head === 'more') return 0;
  beginRequest(stream, book, head);
  return head.bytes;
}

/** Steps over a body. Returns the bytes used. */
export function readBody(stream: Stream, bytes: Buffer, at: number, end: number): number {
  const { part } = stream;
  if (stream.stage === Stage.Body) {
    const step = Math.min(part.left, end - at);
    part.left -= step;
    if (part.left === 0) stream.stage = Stage.Open;
    return step;
  }
  const chunks = stepOverChunks(part, bytes, at, end);
  if (chunks.state !== 'inside') stream.stage = Stage.Open;
  return chunks.state === 'broken' ? end - at : chunks.used;
}

/** Reads HTTP/2 frames. Returns the bytes used. */
export function readFrames(stream: Stream, book: Book, bytes: Buffer, at: number, end: number): number {
  const { conversation } = stream;
  const used = conversation.http2?.read(bytes, at, end, head => {
    const request = { line: head.line, at: stream.since, carriers: carriersOf(head.headers) };
    book.request(stream, request);
  });
  stream.needed = conversation.http2?.needed ?? 0;
  if (used !== undefined) return used;
  stream.stage = Stage.Closed;
  return end - at;
}

function readSpecialStart(stream: Stream, book: Book, bytes: Buffer, at: number, end: number): number {
  const length = Math.min(PREFACE.length, end - at);
  if (bytes.compare(PREFACE, 0, length, at, at + length) === 0) {
    if (length < PREFACE.length) return 0;
    stream.conversation.http2 = new Http2Stream();
    stream.isHttp = true;
    stream.stage = Stage.Frames;
    stream.closeOther();
    return length;
  }
  if (stream.position > 0) return NOTHING;
  const header = readProxyHeader(bytes, at, end);
  if (header === undefined) return NOTHING;
  if (header === 'more') return 0;
  if (header.carrier) report(stream, book, '', [header.carrier]);
  return header.bytes;
}

function beginRequest(stream: Stream, book: Book, head: Head): void {
  report(stream, book, head.line, book.wanted.forwarded ? carriersOf(head.headers) : []);
  if (head.switches) {
    stream.startOver();
    return;
  }
  stream.isHttp = true;
  stream.closeOther();
  if (head.chunked) {
    stream.stage = Stage.Chunks;
    stream.part.left = 0;
    stream.part.trailer = false;
  } else if (head.contentLength > 0) {
    stream.stage = Stage.Body;
    stream.part.left = head.contentLength;
  }
}

function report(stream: Stream, book: Book, line: string, carriers: readonly Carrier[]): void {
  book.request(stream, { line, at: stream.since, carriers });
}
