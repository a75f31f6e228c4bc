import { parseForwarded, parseList, parseNode } from './addresses.ts';
import type { Carrier, Source } from './carried.ts';

/** Names of the headers that carry a client's address, in lower case. */
export const FORWARDING_HEADERS: ReadonlySet<string> = new Set([
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'fastly-client-ip',
] satisfies Source[]);

/** True for the (lower-case) name of a header that carries a client's address. */
export function isForwardingHeader(name: string): name is Source {
  return FORWARDING_HEADERS.has(name);
}

/** Headers of one request to carriers: repeated headers of one name are one list, as RFC 9110 section 5.3 has it. */
export function carriersOf(headers: readonly (readonly [Source, string])[]): Carrier[] {
  const [first] = headers;
  if (!first) return [];
  if (headers.length === 1) return [{ source: first[0], addresses: readAddresses(...first) }];
  const bySource = new Map<Source, (string | undefined)[]>();
  for (const [source, value] of headers) {
    const addresses = bySource.get(source) ?? [];
    bySource.set(source, addresses);
    addresses.push(...readAddresses(source, value));
  }
  return [...bySource].map(([source, addresses]) => ({ source, addresses }));
}

function readAddresses(source: Source, value: string): (string | undefined)[] {
  if (source === 'x-forwarded-for') return parseList(value);
  if (source === 'forwarded') return parseForwarded(value);
  return [parseNode(value)];
}
