import { HelloBody } from './hello-body.ts';
import { isGrease, isTls13, TLS12, TLS12_OR_13, TLS13, versionRank } from './versions.ts';

/** How surely a version is known. */
export type Certainty = 'exact' | 'by-cipher' | 'truncated';

/** What a client offers. */
export interface ClientHello {
  /** The highest version it offers, as on the wire (`versions.ts`). */
  readonly offered: number;
  readonly certainty: Certainty;
  readonly serverName: string | undefined;
  /** Sent in the format of SSL 2.0, whatever version it offers. */
  readonly sslv2: boolean;
}

/** What a server chose. */
export interface ServerHello {
  readonly negotiated: number;
  readonly certainty: Certainty;
  /** The cipher suite's number; undefined when it was cut off, or in SSL 2.0, where the client chooses. */
  readonly cipher: number | undefined;
  /** A HelloRetryRequest: the client is to try again, and a real ServerHello follows. */
  readonly retry: boolean;
}

/** RFC 8446, section 4.1.3: the random value that marks a ServerHello as a HelloRetryRequest. */
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');
const LONGEST_SESSION_ID = 32;

/**
 * Reads the body of a ClientHello from `bytes[at, end)`; `bodyEnd` is where it should end. With less than that there,
 * what can be known is. Undefined: this is no ClientHello. With `certain` the place alone says that it is one, and a body
 * that contradicts itself (fuzzers, faulty stacks) yields what comes before the contradiction.
 */
export function parseClientHello(
  bytes: Buffer,
  at: number,
  end: number,
  bodyEnd: number,
  certain: boolean,
): ClientHello | undefined {
  if (at + 2 > end) return undefined;
  const legacy = bytes.readUInt16BE(at);
  if (!isPlausibleVersion(legacy)) return undefined;
  const hello = new HelloBody(bytes, at + 34, end, bodyEnd);
  hello.vector8(LONGEST_SESSION_ID);
  const ciphers = hello.vector16();
  if (!certain && (hello.broken || ciphers % 2 === 1)) return undefined;
  const compression = hello.vector8(255);
  if (!certain && compression === 0 && !hello.cut) return undefined;
  const extensions = hello.extensions();
  if (!certain && hello.broken) return undefined;
  const offered = newest(extensions.versions);
  const open = offered === undefined && hello.cut && !hello.broken && legacy === TLS12;
  return {
    offered: open ? TLS12_OR_13 : (offered ?? legacy),
    certainty: open ? 'truncated' : 'exact',
    serverName: extensions.serverName,
    sslv2: false,
  };
}

/** The same for a ServerHello, also as the drafts of TLS 1.3 before 22 wrote it: without a session ID. */
export function parseServerHello(bytes: Buffer, at: number, end: number, bodyEnd: number): ServerHello | undefined {
  if (at + 2 > end) return undefined;
  const legacy = bytes.readUInt16BE(at);
  if (!isPlausibleVersion(legacy)) return undefined;
  const early = isTls13(legacy);
  const retry = at + 34 <= end && bytes.compare(RETRY_RANDOM, 0, 32, at + 2, at + 34) === 0;
  const hello = new HelloBody(bytes, at + 34, end, bodyEnd);
  if (!early) hello.vector8(LONGEST_SESSION_ID);
  const cipher = hello.u16();
  if (!early) hello.skip(1);
  const extensions = hello.extensions();
  if (hello.broken) return undefined;
  const selected = extensions.versions[0];
  if (selected !== undefined || early) {
    return { negotiated: selected ?? legacy, certainty: 'exact', cipher, retry };
  }
  if (!hello.cut || legacy !== TLS12) return { negotiated: legacy, certainty: 'exact', cipher, retry };
  if (cipher === undefined) return { negotiated: TLS12_OR_13, certainty: 'truncated', cipher, retry };
  return { negotiated: cipher >> 8 === 0x13 ? TLS13 : TLS12, certainty: 'by-cipher', cipher, retry };
}

function newest(versions: readonly number[]): number | undefined {
  let best: number | undefined;
  for (const version of versions) {
    if (isGrease(version)) continue;
    if (best === undefined || versionRank(version) > versionRank(best)) best = version;
  }
  return best;
}

function isPlausibleVersion(version: number): boolean {
  return (version >= 0x0300 && version <= TLS13) || isTls13(version);
}
