import { isTls13 } from './versions.ts';
import { parseClientHello, parseServerHello, type ClientHello, type ServerHello } from './hello.ts';

/**
 * What a stretch of TLS records holds. `used` counts the bytes of the records that are done with; with `more`, fewer than
 * `needed` bytes behind them cannot be a whole hello.
 */
export interface Flight {
  /** `hello`: found. `more`: needs more bytes. `quiet`: only alerts and the like so far. `other`: no beginning of TLS. */
  readonly state: 'hello' | 'more' | 'quiet' | 'other';
  readonly used: number;
  readonly needed: number;
  readonly client?: ClientHello;
  readonly server?: ServerHello;
  readonly alert?: { readonly fatal: boolean; readonly code: number };
}

const NO_TLS: Flight = { state: 'other', used: 0, needed: 0 };
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const HELLO_RETRY_REQUEST = 6;
/** RFC 8446 allows 2^14 + 256; older versions 2^14 + 2048. */
const LONGEST_RECORD = 16384 + 2048;
/** No real hello is longer; hellos with many post-quantum keys reach 16 KiB. */
const LONGEST_HELLO = 65_536;

/**
 * Reads TLS records from `bytes[at, end)` up to the first hello. With `last`, no more bytes will come: a hello that is
 * cut off yields what can be known of it. With `first`, these are the first bytes of their stream.
 */
export function readFlight(bytes: Buffer, at: number, end: number, last: boolean, first: boolean): Flight {
  let record = at;
  let alert: Flight['alert'];
  while (record + 5 <= end) {
    if (!isRecord(bytes, record)) return NO_TLS;
    const type = bytes[record] as number;
    const next = record + 5 + bytes.readUInt16BE(record + 3);
    if (type === HANDSHAKE) {
      const hello = readHello(bytes, record, end, last, first);
      const helloEnd = hello.messageBytes === 0 ? record : endOfMessage(bytes, record, end, hello.messageBytes);
      const needed = end - helloEnd + hello.missing;
      return { ...hello, used: helloEnd - at, needed, ...(alert && { alert }) };
    }
    if (next > end) return { state: 'more', used: record - at, needed: next - record };
    if (type === ALERT) {
      if (next !== record + 7) return NO_TLS; // encrypted
      alert = { fatal: bytes[record + 5] === 2, code: bytes[record + 6] as number };
      if (alert.fatal) return { state: 'quiet', used: next - at, needed: 0, alert };
    } else if (type !== CHANGE_CIPHER_SPEC) {
      return NO_TLS;
    }
    record = next;
  }
  const rest = record < end && !startsLikeRecord(bytes, record, end);
  if (rest) return NO_TLS;
  return { state: record < end ? 'more' : 'quiet', used: record - at, needed: 5, ...(alert && { alert }) };
}

/** True when the bytes may be the beginning of a record; few are enough to say no. */
function startsLikeRecord(bytes: Buffer, at: number, end: number): boolean {
  const type = bytes[at] as number;
  if (type < CHANGE_CIPHER_SPEC || type > HANDSHAKE) return false;
  if (at + 1 < end && bytes[at + 1] !== 3) return false;
  return at + 2 >= end || (bytes[at + 2] as number) <= 4;
}

function isRecord(bytes: Buffer, at: number): boolean {
  const length = bytes.readUInt16BE(at + 3);
  return startsLikeRecord(bytes, at, at + 5) && length > 0 && length <= LONGEST_RECORD;
}

interface Hello {
  readonly state: 'hello' | 'more' | 'other';
  /** Length of the message with its header, when it is there whole. */
  readonly messageBytes: number;
  /** Bytes of the message that have not come yet. */
  readonly missing: number;
  readonly client?: ClientHello;
  readonly server?: ServerHello;
}

const OTHER: Hello = { state: 'other', messageBytes: 0, missing: 0 };

/** The handshake message that begins in the record at `record`, joined over records where it spans several. */
function readHello(bytes: Buffer, record: number, end: number, last: boolean, first: boolean): Hello {
  const recordEnd = record + 5 + bytes.readUInt16BE(record + 3);
  const body = record + 9;
  if (body <= end && body <= recordEnd) {
    const bodyEnd = body + bytes.readUIntBE(record + 6, 3);
    if (!isHelloType(bytes[record + 5])) return OTHER;
    if (bodyEnd <= recordEnd && bodyEnd <= end) {
      const certain = first && bodyEnd === recordEnd;
      return parse(bytes[record + 5], bytes, body, bodyEnd, bodyEnd, certain);
    }
  }
  const joined = join(bytes, record, end);
  if (joined.length > 0 && !isHelloType(joined[0])) return OTHER;
  if (joined.length < 6) return last ? OTHER : more(6 - joined.length);
  const length = joined.readUIntBE(1, 3);
  if (length > LONGEST_HELLO || length < 2) return OTHER;
  const hello = parse(joined[0], joined, 4, Math.min(joined.length, 4 + length), 4 + length, false);
  const whole = joined.length >= 4 + length;
  return whole || last || hello.state === 'other' ? hello : more(4 + length - joined.length);
}

function more(missing: number): Hello {
  return { state: 'more', messageBytes: 0, missing };
}

/** Where the record ends in which a message of this length ends. */
function endOfMessage(bytes: Buffer, record: number, end: number, messageBytes: number): number {
  let at = record;
  for (let left = messageBytes; left > 0 && at + 5 <= end;) {
    const length = bytes.readUInt16BE(at + 3);
    left -= length;
    at += 5 + length;
  }
  return Math.min(at, end);
}

/** Payload of the handshake records from `record` on, up to a record of another type. */
function join(bytes: Buffer, record: number, end: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = record; at + 5 <= end;) {
    if (!isRecord(bytes, at) || bytes[at] !== HANDSHAKE) break;
    const next = at + 5 + bytes.readUInt16BE(at + 3);
    parts.push(bytes.subarray(at + 5, Math.min(next, end)));
    at = next;
  }
  return Buffer.concat(parts);
}

function parse(
  type: number | undefined,
  bytes: Buffer,
  at: number,
  end: number,
  bodyEnd: number,
  certain: boolean,
): Hello {
  const messageBytes = end === bodyEnd ? bodyEnd - at + 4 : 0;
  if (type === CLIENT_HELLO) {
    const client = parseClientHello(bytes, at, end, bodyEnd, certain);
    return client ? { state: 'hello', messageBytes, missing: 0, client } : OTHER;
  }
  if (type === HELLO_RETRY_REQUEST) {
    const negotiated = at + 2 <= end ? bytes.readUInt16BE(at) : 0;
    if (!isTls13(negotiated)) return OTHER;
    const server: ServerHello = { negotiated, certainty: 'exact', cipher: undefined, retry: true };
    return { state: 'hello', messageBytes, missing: 0, server };
  }
  const server = parseServerHello(bytes, at, end, bodyEnd);
  return server ? { state: 'hello', messageBytes, missing: 0, server } : OTHER;
}

function isHelloType(type: number | undefined): boolean {
  return type === CLIENT_HELLO || type === SERVER_HELLO || type === HELLO_RETRY_REQUEST;
}
