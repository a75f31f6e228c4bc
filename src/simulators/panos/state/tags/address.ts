import { isIP, SocketAddress } from 'node:net';

const PREFIX_LENGTH: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/**
 * The one spelling of a host, a subnet (`10.1.1.0/24`) or a range (`10.1.1.10-10.1.1.19`); undefined for anything else.
 * A subnet of one host is that host.
 */
export function canonicalAddress(text: string): string | undefined {
  if (text.includes('-')) return canonicalRange(text);
  const [hostText = '', prefixText, ...rest] = text.split('/');
  const host = canonicalHost(hostText);
  if (host === undefined || rest.length > 0) return undefined;
  if (prefixText === undefined) return host;
  const longest = PREFIX_LENGTH[isIP(host)] ?? 0;
  if (!/^\d{1,3}$/.test(prefixText) || Number(prefixText) > longest) return undefined;
  return Number(prefixText) === longest ? host : `${host}/${Number(prefixText)}`;
}

function canonicalRange(text: string): string | undefined {
  const ends = text.split('-').map(canonicalHost);
  if (ends.length !== 2 || ends.includes(undefined)) return undefined;
  return ends.join('-');
}

function canonicalHost(text: string): string | undefined {
  const version = isIP(text);
  if (version === 0) return undefined;
  return new SocketAddress({ address: text, family: version === 6 ? 'ipv6' : 'ipv4' }).address;
}
