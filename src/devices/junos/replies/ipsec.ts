import { parsePeer, parseTunnelIndex, type Peer, type TunnelIndex } from '../values.ts';
import { scanReply } from '../xml/scan-reply.ts';
import type { ElementReader, XmlScanner } from '../xml/scanner.ts';
import { ReplySurprise } from './fault.ts';

const NAMES = [
  'ipsec-security-associations-information',
  'ipsec-security-associations-block',
  'ipsec-security-associations',
  'sa-block-state',
  'sa-direction',
  'sa-tunnel-index',
  'sa-spi',
  'sa-remote-gateway',
  'sa-local-gateway',
  'total-active-tunnels',
  're-name',
] as const;
const BLOCK = 1;
const SA = 2;
const STATE = 3;
const DIRECTION = 4;
const INDEX = 5;
const SPI = 6;
const REMOTE = 7;
const LOCAL = 8;
const TOTAL = 9;
const NODE = 10;

/** One IPsec tunnel and its SAs. */
export interface Tunnel {
  readonly index: TunnelIndex;
  readonly peer: Peer;
  /** The node that showed it, in a cluster. */
  readonly node: string | undefined;
  up: boolean;
  /** SPIs of the living inbound SAs: more than one while a rekey overlaps. */
  readonly inboundSpis: Set<number>;
}

/** The table of IPsec SAs, or a part of it. */
export interface IpsecTable {
  readonly tunnels: ReadonlyMap<TunnelIndex, Tunnel>;
  /** `total-active-tunnels`, over all nodes. */
  readonly promised: number;
  /** Gateway addresses of this device; only the detailed form names them. */
  readonly localGateways: ReadonlySet<string>;
}

/** Reads a table of IPsec SAs of any length, brief or detailed (facts: junos, 5.1). */
export async function readIpsec(chunks: AsyncIterable<Buffer>): Promise<IpsecTable> {
  const reader = new IpsecReader();
  await scanReply(chunks, NAMES, reader);
  return reader.table();
}

/**
 * Joins the tables of both address families. Throws ReplySurprise when they hold fewer active tunnels than they say: a
 * short table would make orphans of living sessions.
 */
export function joinTables(tables: readonly IpsecTable[]): IpsecTable {
  const tunnels = new Map(tables.flatMap(table => [...table.tunnels]));
  const promised = Math.max(0, ...tables.map(table => table.promised));
  let up = 0;
  for (const tunnel of tunnels.values()) if (tunnel.up) up += 1;
  if (up < promised) {
    throw new ReplySurprise(`the table is not whole: it shows ${up} active tunnels and says ${promised}`);
  }
  return { tunnels, promised, localGateways: new Set(tables.flatMap(table => [...table.localGateways])) };
}

/** A device without IPsec has no tunnels. */
export const NO_TUNNELS: IpsecTable = { tunnels: new Map(), promised: 0, localGateways: new Set() };

class IpsecReader implements ElementReader {
  readonly #tunnels = new Map<TunnelIndex, Tunnel>();
  readonly #localGateways = new Set<string>();
  #promised = 0;
  #node: string | undefined;
  #blockUp = true;
  #index = '';
  #remote = '';
  #direction = '';
  #spi = '';
  #sas = 0;

  table(): IpsecTable {
    return { tunnels: this.#tunnels, promised: this.#promised, localGateways: this.#localGateways };
  }

  open(name: number): void {
    if (name === BLOCK) {
      this.#blockUp = true;
      this.#index = this.#remote = '';
      this.#sas = 0;
    } else if (name === SA) {
      this.#direction = this.#spi = '';
    }
  }

  close(name: number, scanner: XmlScanner): void {
    switch (name) {
      case STATE:
        this.#blockUp = scanner.text() === 'up';
        break;
      case DIRECTION:
        this.#direction = scanner.text();
        break;
      case INDEX:
        this.#index = scanner.text();
        break;
      case SPI:
        this.#spi = scanner.text();
        break;
      case REMOTE:
        this.#remote = scanner.text();
        break;
      case LOCAL:
        this.#localGateways.add(scanner.text());
        break;
      case TOTAL:
        this.#promised += scanner.uint() ?? 0;
        break;
      case NODE:
        this.#node = scanner.text();
        break;
      case SA:
        this.#closeSa();
        break;
      case BLOCK:
        // In the detailed form index and gateway stand beside the SAs, and a tunnel that is down has none.
        if (this.#sas === 0 && this.#index !== '') this.#tunnel();
    }
  }

  #closeSa(): void {
    // The detailed form tells tunnel events by elements of the same name, without a direction.
    if (this.#direction === '') return;
    this.#sas += 1;
    const tunnel = this.#tunnel();
    tunnel.up = this.#blockUp;
    const inbound = this.#direction === '<' || this.#direction.startsWith('inbound');
    if (!inbound || !this.#blockUp) return;
    if (!/^(?:0x)?[0-9a-f]{1,8}$/i.test(this.#spi)) throw new ReplySurprise(`an SPI is ${JSON.stringify(this.#spi)}`);
    tunnel.inboundSpis.add(parseInt(this.#spi, 16));
  }

  #tunnel(): Tunnel {
    const index = parseTunnelIndex(this.#index);
    const peer = parsePeer(this.#remote);
    if (index === undefined || peer === undefined) {
      const found = JSON.stringify({ index: this.#index.slice(0, 40), gateway: this.#remote.slice(0, 60) });
      throw new ReplySurprise(`an IPsec tunnel is ${found}`);
    }
    const known = this.#tunnels.get(index);
    if (known) return known;
    const tunnel = { index, peer, node: this.#node, up: false, inboundSpis: new Set<number>() };
    this.#tunnels.set(index, tunnel);
    return tunnel;
  }
}
