import type { ClientHello, ServerHello } from './hello.ts';

/** Longest hello in this format that is believed. */
const LONGEST = 4096;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 4;

/** What stands at the beginning: a hello in the format of SSL 2.0, perhaps one (`more` needed), or neither. */
export type Sslv2Message = { readonly client: ClientHello } | { readonly server: ServerHello } | 'more' | undefined;

/**
 * Reads a hello in the format of SSL 2.0 (draft-hickman-netscape-ssl-00, and RFC 5246 appendix E.2): two bytes of
 * length with the high bit set, then the message. All lengths must add up, because there is no other mark.
 */
export function parseSslv2(bytes: Buffer, at: number, end: number): Sslv2Message {
  if (at + 3 > end) return at < end && ((bytes[at] as number) & 0x80) !== 0 ? 'more' : undefined;
  const length = bytes.readUInt16BE(at) & 0x7fff;
  const type = bytes[at + 2];
  if (((bytes[at] as number) & 0x80) === 0 || length > LONGEST) return undefined;
  if (type === CLIENT_HELLO) return clientHello(bytes, at, end, length);
  return type === SERVER_HELLO ? serverHello(bytes, at, end, length) : undefined;
}

function clientHello(bytes: Buffer, at: number, end: number, length: number): Sslv2Message {
  if (at + 5 > end) return 'more';
  const version = bytes.readUInt16BE(at + 3);
  if (version !== 2 && (version < 0x0300 || version > 0x0304)) return undefined;
  if (at + 11 > end) return 'more';
  const ciphers = bytes.readUInt16BE(at + 5);
  const session = bytes.readUInt16BE(at + 7);
  const challenge = bytes.readUInt16BE(at + 9);
  const addsUp = 9 + ciphers + session + challenge === length;
  const sane =
    ciphers > 0 && ciphers % 3 === 0 && (session === 0 || session === 16) && challenge >= 16 && challenge <= 32;
  if (!addsUp || !sane) return undefined;
  return { client: { offered: version, certainty: 'exact', serverName: undefined, sslv2: true } };
}

function serverHello(bytes: Buffer, at: number, end: number, length: number): Sslv2Message {
  if (at + 13 > end) return 'more';
  const version = bytes.readUInt16BE(at + 5);
  const addsUp = 11 + bytes.readUInt16BE(at + 7) + bytes.readUInt16BE(at + 9) + bytes.readUInt16BE(at + 11) === length;
  if (version !== 2 || (bytes[at + 3] as number) > 1 || !addsUp) return undefined;
  return { server: { negotiated: version, certainty: 'exact', cipher: undefined, retry: false } };
}
