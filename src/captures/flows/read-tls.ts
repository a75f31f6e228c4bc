import type { ClientHello, ServerHello } from '../tls/hello.ts';
import { readFlight, type Flight } from '../tls/records.ts';
import { parseSslv2 } from '../tls/sslv2.ts';
import type { Book } from './book.ts';
import { Stage } from './stage.ts';
import type { Stream } from './stream.ts';

/** Bytes read; `NOTHING` when no such thing begins here, 0 when it does but is incomplete. */
export const NOTHING = -1;

/** Reads what may be the beginning of a handshake in this direction. */
export function readTlsStart(
  stream: Stream,
  book: Book,
  bytes: Buffer,
  at: number,
  end: number,
  last: boolean,
): number {
  const flight = readFlight(bytes, at, end, last, stream.position === 0);
  const awaited = isAnswer(stream);
  const isHello = bytes[at] === 0x16;
  if (flight.state === 'hello' || (awaited && flight.state === 'quiet')) return apply(stream, book, flight, end - at);
  if (flight.state !== 'more' || !(isHello || awaited) || last) return NOTHING;
  stream.needed = flight.used + flight.needed;
  return 0;
}

/** Goes on behind a HelloRetryRequest or a warning. */
export function readTlsNext(stream: Stream, book: Book, bytes: Buffer, at: number, end: number, last: boolean): number {
  const flight = readFlight(bytes, at, end, last, false);
  if (flight.state === 'other') {
    stream.stage = Stage.Closed;
    return end - at;
  }
  if (flight.state === 'more') {
    stream.needed = flight.needed;
    return flight.used;
  }
  return apply(stream, book, flight, end - at);
}

/** Takes note that a server ended the connection instead of answering. */
export function readTlsEnd(stream: Stream, book: Book, reset: boolean): void {
  const { known } = stream;
  if (!known?.handshake || !isAnswer(stream)) return;
  known.handshake.ended = reset ? 'reset' : 'closed';
  stream.stage = Stage.Closed;
  book.handshake(stream.flow, known);
}

/** Reads what may be a hello in the format of SSL 2.0. A server's is believed as an answer, or as its first words. */
export function readSslv2Start(stream: Stream, book: Book, bytes: Buffer, at: number, end: number): number {
  const message = parseSslv2(bytes, at, end);
  if (message === undefined) return NOTHING;
  if (message === 'more') return stream.position === 0 || isAnswer(stream) ? 0 : NOTHING;
  if ('client' in message) return offer(stream, message.client) ? end - at : NOTHING;
  if (stream.position > 0 && !isAnswer(stream)) return NOTHING;
  return choose(stream, book, message.server) ? end - at : NOTHING;
}

/** True when the other direction has sent a ClientHello that waits for its answer. */
export function isAnswer(stream: Stream): boolean {
  const handshake = stream.known?.handshake;
  return handshake?.offer !== undefined && handshake.client !== stream.direction;
}

function apply(stream: Stream, book: Book, flight: Flight, length: number): number {
  if (flight.client) return offer(stream, flight.client) ? length : NOTHING;
  if (flight.alert && isAnswer(stream)) noteAlert(stream, book, flight.alert);
  if (flight.server) {
    if (!choose(stream, book, flight.server)) return NOTHING;
    return flight.server.retry ? flight.used : length;
  }
  if (stream.stage === Stage.Open) stream.stage = Stage.Handshake;
  return flight.used;
}

function offer(stream: Stream, hello: ClientHello): boolean {
  const { conversation, direction } = stream;
  conversation.handshake ??= { client: direction };
  const { handshake } = conversation;
  if (handshake.client !== direction) return false;
  handshake.offer ??= hello;
  stream.stage = Stage.Closed;
  if (!handshake.choice) stream.reopenOther();
  return true;
}

function choose(stream: Stream, book: Book, hello: ServerHello): boolean {
  const { conversation, direction } = stream;
  conversation.handshake ??= { client: stream.other };
  const { handshake } = conversation;
  if (handshake.client === direction) return false;
  if (hello.retry) {
    handshake.retry = hello;
    stream.stage = Stage.Handshake;
    return true;
  }
  handshake.choice = hello;
  stream.stage = Stage.Closed;
  if (handshake.offer) book.handshake(stream.flow, conversation);
  return true;
}

function noteAlert(stream: Stream, book: Book, alert: NonNullable<Flight['alert']>): void {
  const { conversation } = stream;
  if (!conversation.handshake) return;
  conversation.handshake.alert = alert;
  if (!alert.fatal) return;
  stream.stage = Stage.Closed;
  book.handshake(stream.flow, conversation);
}
