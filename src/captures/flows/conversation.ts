import type { Carried } from '../forwarding/carried.ts';
import type { Http2Stream } from '../forwarding/http2.ts';
import type { Instant } from '../reading/timestamps.ts';
import type { Handshake } from '../tls/handshake.ts';

/** A segment that came before the ones that it follows. */
export interface Piece {
  readonly sequence: number;
  readonly bytes: Buffer;
  /** Payload bytes on the wire. */
  readonly length: number;
  readonly at: Instant;
}

/** What is kept of one direction between segments. */
export interface Part {
  /** The beginning of a message that is not complete, and when it began. */
  rest: Buffer | undefined;
  restSince: Instant | undefined;
  /** It is read again when there are so many bytes of it. */
  restNeeded: number;
  pieces: Piece[];
  /** Bytes left of a body, or of a chunk and the line end behind it. */
  left: number;
  /** Inside a chunked body: the next line is a trailer, not a chunk's size. */
  trailer: boolean;
}

/**
 * What is kept of a connection in which something was found. Plain data, so that it can move between threads, but for
 * `http2`, whose header table cannot: it stays where it is.
 */
export interface Conversation {
  /** Per direction; there only while something must be kept. */
  readonly parts: [Part | undefined, Part | undefined];
  handshake: Handshake | undefined;
  carried: Carried[] | undefined;
  requests: number;
  http2: Http2Stream | undefined;
}

export function newConversation(): Conversation {
  return { parts: [undefined, undefined], handshake: undefined, carried: undefined, requests: 0, http2: undefined };
}

export function newPart(): Part {
  return { rest: undefined, restSince: undefined, restNeeded: 0, pieces: [], left: 0, trailer: false };
}

/** True when forgetting a conversation whose directions are closed would lose nothing. */
export function holdsNothing(conversation: Conversation): boolean {
  const { handshake, carried, parts } = conversation;
  if (handshake || carried) return false;
  return parts.every(part => part === undefined || (part.rest === undefined && part.pieces.length === 0));
}
