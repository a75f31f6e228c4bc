import { mayComplete } from '../forwarding/http1.ts';
import type { Instant } from '../reading/timestamps.ts';
import { append } from './append.ts';
import { NEVER, REQUEST, TLS, WINDOW, whatBegins } from './beginnings.ts';
import type { Book } from './book.ts';
import { readBody, readFrames, readRequestStart } from './read-http.ts';
import { isAnswer, NOTHING, readSslv2Start, readTlsEnd, readTlsNext, readTlsStart } from './read-tls.ts';
import { Flag, Stage } from './stage.ts';
import { Stream } from './stream.ts';
import type { FlowTable } from './table.ts';
import type { WaitingBytes } from './waiting-bytes.ts';

/** Most bytes of an incomplete message that are kept. */
const LONGEST_REST = 128 * 1024;

/** So many bytes of an incomplete message are read again with each packet. */
const READ_AT_ONCE = 1024;

/** Reads the bytes of each direction in order, keeps what is incomplete, and writes findings into the book. */
export class Dissector {
  readonly stream: Stream;
  readonly #book: Book;
  readonly #waiting: WaitingBytes;
  #recognised = true;

  constructor(table: FlowTable, book: Book, waiting: WaitingBytes) {
    this.#waiting = waiting;
    this.stream = new Stream(table);
    this.#book = book;
  }

  /**
   * The next bytes of the direction that `stream` points to. `at` is called only when the time matters. With `cut`, bytes
   * are missing behind these: what is incomplete need not be kept.
   */
  read(bytes: Buffer, start: number, end: number, at: () => Instant, cut: boolean): void {
    const { stream } = this;
    if (stream.stage === Stage.Open && stream.known?.parts[stream.direction]?.rest === undefined) {
      // Nearly every segment that gets here ends here: nothing that we know begins with its first byte.
      if (whatBegins(bytes[start] as number) === NEVER) return;
    }
    const rest = stream.known?.parts[stream.direction]?.rest;
    stream.joined = rest?.length ?? 0;
    if (!rest) {
      stream.since = at();
      this.#keep(bytes, this.#consume(bytes, start, end, cut), end);
      return;
    }
    if (this.#mustWait(rest, bytes, start, end)) {
      this.#keepMore(rest, bytes, start, end);
      return;
    }
    const joined = Buffer.concat([rest, bytes.subarray(start, end)]);
    stream.since = stream.part.restSince ?? at();
    stream.part.rest = undefined;
    this.#waiting.remove(rest.length);
    const used = this.#consume(joined, 0, joined.length, joined.length > LONGEST_REST);
    if (used > 0 && this.#recognised) {
      stream.since = at();
      this.#keep(joined, used, joined.length);
    } else if (used === 0) {
      this.#keep(joined, 0, joined.length);
    } else {
      this.read(bytes, start, end, at, cut);
    }
  }

  /** Bytes are missing behind what was read: what is incomplete counts as far as it goes. */
  skip(missing: number): void {
    const { stream } = this;
    const part = stream.known?.parts[stream.direction];
    if (part?.rest) {
      const { rest } = part;
      stream.joined = rest.length;
      stream.since = part.restSince ?? stream.since;
      part.rest = undefined;
      this.#waiting.remove(rest.length);
      this.#consume(rest, 0, rest.length, true);
    }
    this.#stepOver(missing);
  }

  /** Nothing more will come in this direction. */
  end(reset: boolean): void {
    this.skip(0);
    readTlsEnd(this.stream, this.#book, reset);
  }

  #stepOver(missing: number): void {
    const { stream } = this;
    switch (stream.stage) {
      case Stage.Body:
      case Stage.Chunks: {
        const { part } = stream;
        part.left = Math.max(0, part.left - missing);
        if (part.left === 0) stream.stage = Stage.Open;
        return;
      }
      case Stage.Frames: // the header table is lost with the bytes
        stream.stage = Stage.Closed;
        return;
      case Stage.Handshake:
        stream.stage = Stage.Open;
        return;
      case Stage.Open:
      case Stage.Closed:
        return;
    }
  }

  #keep(bytes: Buffer, from: number, end: number): void {
    if (from >= end || !this.#waiting.add(end - from)) return;
    const { part, since } = this.stream;
    part.rest = Buffer.from(bytes.subarray(from, end));
    part.restSince = since;
    // That it is nothing after all is noticed at once while there is little of it, as with nearly all hellos, then soon.
    const { length } = part.rest;
    part.restNeeded = length < READ_AT_ONCE ? 0 : Math.min(this.stream.needed, length + (length >> 3));
  }

  /** True when what is kept would still be incomplete: reading it again with each packet takes time with its square. */
  #mustWait(rest: Buffer, bytes: Buffer, start: number, end: number): boolean {
    const { stage, part } = this.stream;
    const length = rest.length + end - start;
    if (length > LONGEST_REST) return false;
    if (length < part.restNeeded) return true;
    const isHead = stage === Stage.Open && whatBegins(rest[0] as number) === REQUEST;
    return isHead && !mayComplete(rest, bytes, start, end);
  }

  #keepMore(rest: Buffer, bytes: Buffer, start: number, end: number): void {
    const { part } = this.stream;
    if (this.#waiting.add(end - start)) {
      part.rest = append(rest, bytes, start, end);
      return;
    }
    this.#waiting.remove(rest.length);
    part.rest = undefined;
  }

  /** Reads message after message; returns where the first incomplete one begins. */
  #consume(bytes: Buffer, start: number, end: number, last: boolean): number {
    this.#recognised = true;
    this.stream.needed = 0;
    for (let at = start; at < end;) {
      const used = this.#step(bytes, at, end, last);
      if (used === NOTHING) {
        this.#recognised = at > start;
        return end;
      }
      if (used === 0) return last ? end : at;
      at += used;
    }
    return end;
  }

  #step(bytes: Buffer, at: number, end: number, last: boolean): number {
    const { stream } = this;
    switch (stream.stage) {
      case Stage.Open:
        return this.#open(bytes, at, end, last);
      case Stage.Handshake:
        return readTlsNext(stream, this.#book, bytes, at, end, last);
      case Stage.Body:
      case Stage.Chunks:
        return readBody(stream, bytes, at, end);
      case Stage.Frames:
        return readFrames(stream, this.#book, bytes, at, end);
      case Stage.Closed:
        return end - at;
    }
  }

  #open(bytes: Buffer, at: number, end: number, last: boolean): number {
    const { stream } = this;
    const begins = whatBegins(bytes[at] as number);
    if (begins === REQUEST) return readRequestStart(stream, this.#book, bytes, at, end, last);
    if (begins === NEVER || stream.isHttp || (stream.seen > WINDOW && !isAnswer(stream))) return NOTHING;
    if (begins === TLS) return readTlsStart(stream, this.#book, bytes, at, end, last);
    return readSslv2Start(stream, this.#book, bytes, at, end);
  }

  /** Closes a stream whose beginning was seen and has shown nothing. */
  closeWhenBarren(): void {
    const { stream } = this;
    if (stream.stage !== Stage.Open || stream.seen <= WINDOW || !stream.has(Flag.SynSeen << stream.direction)) return;
    if (stream.isHttp || isAnswer(stream)) return;
    stream.stage = Stage.Closed;
  }
}
