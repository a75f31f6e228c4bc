import { parsePeer, type Peer } from '../values.ts';
import { ReplySurprise } from './fault.ts';
import { SpiTable } from './spi-table.ts';

/** One session of the flow table, as far as it is looked at. */
export interface FlowSession {
  /** Number of wings: 1 for a session of a tunnel that ends here, 2 for traffic that passes through. */
  wings: number;
  /** A copy of a session of the other node of a cluster. */
  backup: boolean;
  protocol: string;
  /** Of the first wing, which comes in. */
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
}

/** What one peer has in the flow table. */
export interface PeerFlows {
  readonly peer: Peer;
  /** Place in the order of first sight; the first half of its pairs in `spis`. */
  readonly number: number;
  /** Sessions of tunnels that end here, as the device counts them. */
  sessions: number;
  /** Sessions with ports 0/0: one a tunnel. */
  anchors: number;
}

const PEERS_MAX = 2 ** 20;

/**
 * Counts the sessions of tunnels by peer (facts: junos, 7). A tunnel's session has one wing, and its two ports are the
 * SPI: `(source-port << 16) | destination-port`; 0/0 is the tunnel's anchor. Memory grows with peers and SPIs alone.
 */
export class FlowTally {
  readonly #protocol: string;
  readonly #peers = new Map<string, PeerFlows>();
  /** Distinct pairs of peer and SPI: a device with several SPUs may show a session on each. */
  readonly spis = new SpiTable();
  /** The gateway addresses of this device, as far as tunnels end on them. */
  readonly localGateways = new Set<string>();
  sessions = 0;
  transit = 0;
  backup = 0;

  constructor(protocol: string) {
    this.#protocol = protocol;
  }

  add(flow: FlowSession): void {
    if (flow.protocol !== this.#protocol) return;
    if (flow.backup) {
      this.backup += 1;
      return;
    }
    this.sessions += 1;
    if (flow.wings !== 1) {
      this.transit += 1;
      return;
    }
    const entry = this.#entry(flow.source);
    entry.sessions += 1;
    this.localGateways.add(flow.destination);
    if (flow.sourcePort === 0 && flow.destinationPort === 0) entry.anchors += 1;
    else this.spis.add(entry.number, flow.sourcePort * 65_536 + flow.destinationPort);
  }

  get peers(): Iterable<PeerFlows> {
    return this.#peers.values();
  }

  get peerCount(): number {
    return this.#peers.size;
  }

  #entry(source: string): PeerFlows {
    const known = this.#peers.get(source);
    if (known) return known;
    const peer = parsePeer(source);
    if (peer === undefined)
      throw new ReplySurprise(`a session's source address is ${JSON.stringify(source.slice(0, 60))}`);
    if (this.#peers.size === PEERS_MAX) throw new ReplySurprise(`more than ${PEERS_MAX} peers`);
    const entry = { peer, number: this.#peers.size, sessions: 0, anchors: 0 };
    this.#peers.set(source, entry);
    return entry;
  }
}
