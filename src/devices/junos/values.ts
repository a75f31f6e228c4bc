import { isIP } from 'node:net';
import { parseAddress } from '../../core/address.ts';

declare const peerBrand: unique symbol;
declare const indexBrand: unique symbol;
declare const nodeBrand: unique symbol;

/**
 * The address of an IPsec peer: one IP host in canonical text. Only `parsePeer` makes one, so that a request for
 * "the peer" can neither be empty nor carry foreign text: an IKE clear without its argument clears every SA.
 */
export type Peer = string & { readonly [peerBrand]: true };

/** The index of an IPsec tunnel, 1 to 4294967295 (YANG junos-es-rpc-clear). Only `parseTunnelIndex` makes one. */
export type TunnelIndex = number & { readonly [indexBrand]: true };

/** A node of a chassis cluster, as `node0`. Only `parseNode` makes one. */
export type Node = string & { readonly [nodeBrand]: true };

export function parsePeer(text: string): Peer | undefined {
  const address = parseAddress(text);
  // The unspecified address is no host, and Junos shows it for peers that are not known yet.
  return address === undefined || address === '0.0.0.0' || address === '::' ? undefined : (address as Peer);
}

export function parseTunnelIndex(text: string): TunnelIndex | undefined {
  const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= 0xffffffff ? (value as TunnelIndex) : undefined;
}

export function parseNode(text: string): Node | undefined {
  return /^node[01]$/.test(text) ? (text as Node) : undefined;
}

/** The peer as a prefix of one host, for `source-prefix`. */
export function hostPrefix(peer: Peer): string {
  return `${peer}/${isIP(peer) === 6 ? 128 : 32}`;
}
