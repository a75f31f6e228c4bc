import { formatIpv4, formatIpv6 } from '../decoding/addresses.ts';
import { parseNode } from './addresses.ts';
import type { Carrier } from './carried.ts';

/** A PROXY header, and how long it is. It names nobody when the proxy itself opened the connection (health checks). */
export interface ProxyHeader {
  readonly bytes: number;
  readonly carrier: Carrier | undefined;
}

const SIGNATURE_2 = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const SIGNATURE_1 = Buffer.from('PROXY ');
const LONGEST_1 = 107;
const LONGEST_2 = 4096;

/** The header of the PROXY protocol, version 1 or 2 (haproxy.org/download/3.0/doc/proxy-protocol.txt). */
export function readProxyHeader(bytes: Buffer, at: number, end: number): ProxyHeader | 'more' | undefined {
  if (begins(bytes, at, end, SIGNATURE_1)) return readVersion1(bytes, at, end);
  return begins(bytes, at, end, SIGNATURE_2) ? readVersion2(bytes, at, end) : undefined;
}

function begins(bytes: Buffer, at: number, end: number, signature: Buffer): boolean {
  const length = Math.min(signature.length, end - at);
  return bytes.compare(signature, 0, length, at, at + length) === 0;
}

function readVersion1(bytes: Buffer, at: number, end: number): ProxyHeader | 'more' | undefined {
  const text = bytes.toString('latin1', at, Math.min(end, at + LONGEST_1));
  const lineEnd = text.indexOf('\r\n');
  if (lineEnd === -1) return text.length < LONGEST_1 ? 'more' : undefined;
  const [, family, client] = text.slice(0, lineEnd).split(' ');
  const address = family === 'TCP4' || family === 'TCP6' ? parseNode(client ?? '') : undefined;
  if (address === undefined && family !== 'UNKNOWN') return undefined;
  return {
    bytes: lineEnd + 2,
    carrier: address === undefined ? undefined : { source: 'proxy-v1', addresses: [address] },
  };
}

function readVersion2(bytes: Buffer, at: number, end: number): ProxyHeader | 'more' | undefined {
  if (end - at < 16) return 'more';
  const versionAndCommand = bytes[at + 12] as number;
  const family = (bytes[at + 13] as number) >> 4;
  const length = bytes.readUInt16BE(at + 14);
  if (versionAndCommand >> 4 !== 2 || length > LONGEST_2) return undefined;
  if (end - at < 16 + length) return 'more';
  const proxied = (versionAndCommand & 15) === 1;
  const address = proxied ? readAddress(bytes, at + 16, family, length) : undefined;
  return {
    bytes: 16 + length,
    carrier: address === undefined ? undefined : { source: 'proxy-v2', addresses: [address] },
  };
}

function readAddress(bytes: Buffer, at: number, family: number, length: number): string | undefined {
  if (family === 1 && length >= 12) return formatIpv4(bytes.readInt32BE(at));
  if (family !== 2 || length < 36) return undefined;
  return parseNode(formatIpv6([0, 4, 8, 12].map(word => bytes.readInt32BE(at + word))));
}
