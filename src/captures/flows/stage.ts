/** What one direction of a connection is read as. */
export const Stage = {
  /** A message may begin here: a hello, a request, a PROXY header. */
  Open: 0,
  /** Inside a TLS handshake: records follow each other. */
  Handshake: 1,
  /** Inside the body of a request, of known length. */
  Body: 2,
  /** Inside a chunked body. */
  Chunks: 3,
  /** HTTP/2 frames. */
  Frames: 4,
  /** Nothing more is of interest. */
  Closed: 5,
} as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

/** Facts about a flow, as bits. The two directions use neighbouring bits: shift by the direction. */
export const Flag = {
  Ipv6: 1,
  /** The sequence number that comes next is known. */
  NextKnown: 2,
  /** A SYN was seen: the stream is known from its first byte. */
  SynSeen: 8,
  /** Requests were seen: the stream is HTTP for good. */
  Http: 32,
  /** Anything but a SYN was seen. */
  Data: 128,
  /** It may have begun before the range of the file that is read here. */
  Underway: 256,
} as const;

/** Which end of a flow sent something. */
export type Direction = 0 | 1;
