import { BlockList, isIP, SocketAddress } from 'node:net';

/**
 * The canonical text of one IP host address, or undefined. Strict: no leading zeros (`010.1.1.1` means 8.1.1.1 to some
 * parsers), no zone, no prefix, no surrounding space. An IPv4-mapped IPv6 address becomes its IPv4 form.
 */
export function parseAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family === 0 || text.includes('%')) return undefined;
  if (family === 4) return text;
  const canonical = new SocketAddress({ address: text, family: 'ipv6' }).address;
  return canonical.startsWith('::ffff:') && isIP(canonical.slice(7)) === 4 ? canonical.slice(7) : canonical;
}

/** A network in CIDR notation, or one host (then the prefix is full). Undefined when the text is neither. */
export function parseNetwork(text: string): { readonly address: string; readonly prefix: number } | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = isIP(address) === 4 ? 32 : 128;
  if (slash === -1) return { address, prefix: bits };
  const prefixText = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText)) return undefined;
  // An IPv4 network written in IPv6 (::ffff:10.0.0.0/104) counts its prefix from the front of the IPv6 address.
  const mapped = bits === 32 && text.includes(':');
  const prefix = Number(prefixText) - (mapped ? 96 : 0);
  return prefix >= 0 && prefix <= bits ? { address, prefix } : undefined;
}

/** A set of networks that answers whether an address lies in one of them. */
export class NetworkSet {
  readonly #list = new BlockList();

  /** `networks` must have passed `parseNetwork`; text that does not parse is a programming error and throws. */
  constructor(networks: readonly string[]) {
    for (const text of networks) {
      const network = parseNetwork(text);
      if (!network) throw new TypeError(`not an address or network: ${text}`);
      this.#list.addSubnet(network.address, network.prefix, isIP(network.address) === 4 ? 'ipv4' : 'ipv6');
    }
  }

  has(address: string): boolean {
    return this.#list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
}
