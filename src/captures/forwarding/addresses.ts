import { parseAddress } from '../../core/address.ts';

/** What nearly every element is. */
const PLAIN = /^\s*(?:(?:[1-9]\d{0,2}|0)\.){3}(?:[1-9]\d{0,2}|0)\s*$/;

/**
 * The canonical address in one element of a forwarding header: IPv4 or IPv6, with or without a port, brackets, quotes,
 * zone or leading zeros (`10.000.000.03` is what some proxies write, and means decimal). Undefined for anything else.
 */
export function parseNode(text: string): string | undefined {
  if (PLAIN.test(text)) return parseAddress(text.trim());
  const plain = text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  if (plain.length > 80) return undefined;
  const bracketed = /^\[([^\]]*)\](?::\w*)?$/.exec(plain);
  if (bracketed) return parseAddress(withoutZone(bracketed[1] ?? ''));
  const withPort = /^(\d+\.\d+\.\d+\.\d+)(?::\w*)?$/.exec(plain);
  if (withPort) return parseAddress((withPort[1] ?? '').replaceAll(/(^|\.)0+(?=\d)/g, '$1'));
  return plain.includes(':') ? parseAddress(withoutZone(plain)) : undefined;
}

/** The elements of a list header such as X-Forwarded-For. Empty elements count: they hold a place. */
export function parseList(value: string): (string | undefined)[] {
  return value.split(',').map(parseNode);
}

/** The `for` parameters of a Forwarded header (RFC 7239), in order; elements without one are left out. */
export function parseForwarded(value: string): (string | undefined)[] {
  const nodes: (string | undefined)[] = [];
  for (const match of value.matchAll(/(?:^|[;,])\s*for\s*=\s*("[^"]*"|[^;,\s]*)/gi))
    nodes.push(parseNode(match[1] ?? ''));
  return nodes;
}

function withoutZone(text: string): string {
  return text.replace(/%.*$/, '');
}
