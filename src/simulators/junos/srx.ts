import type { Clock } from '../../core/clock.ts';

/** How the device is built: one box, two boxes as a cluster, one box with three SPUs. */
export const FORMS = ['standalone', 'cluster', 'multi-spu'] as const;
export type Form = (typeof FORMS)[number];

/** `old` answers as 15.1X49 does, `new` as 24.4. */
export type Release = 'old' | 'new';

/** Habits that are unproven or differ; each can be ordered while the simulator runs. */
export interface Behaviour {
  /** From a clear until the peer has negotiated again. */
  renewMs: number;
  /** Whether clearing the IKE SA takes the IPsec SAs along. */
  ikeClear: 'keeps-ipsec' | 'drops-ipsec';
  /** Whether clearing an IPsec SA frees the sessions that it left behind. */
  ipsecClear: 'frees-sessions' | 'leaves-sessions';
  /** Whether peers come back after a clear at all. */
  peersReturn: boolean;
}

export interface Tunnel {
  readonly index: number;
  readonly peer: Peer;
  inboundSpi: number;
  outboundSpi: number;
  /** Down until then, in ms since the epoch; in the past when it is up, Infinity when it stays down. */
  upAt: number;
  /** Sessions that earlier SAs left in the flow table. */
  stale: number;
  /** Makes the SPIs of stale sessions differ after each clear. */
  readonly seed: number;
}

export interface Peer {
  readonly address: string;
  cookie: string;
  ikeUpAt: number;
  readonly tunnels: Tunnel[];
}

const FIRST_INDEX = 67_108_864;

/** What a simulated SRX holds. Time comes from the clock alone. */
export class Srx {
  readonly name: string;
  readonly form: Form;
  readonly release: Release;
  readonly clock: Clock;
  readonly localGateway = '192.0.2.1';
  readonly behaviour: Behaviour = {
    renewMs: 500,
    ikeClear: 'keeps-ipsec',
    ipsecClear: 'frees-sessions',
    peersReturn: true,
  };
  peers: Peer[] = [];
  /** State of node1 in every redundancy group of a cluster. */
  secondary = 'secondary';
  /** The node that owns the tunnels of a cluster. */
  owner: 0 | 1 = 0;
  #random: number;

  constructor(facts: { name: string; form: Form; release: Release; clock: Clock; seed?: number }) {
    this.name = facts.name;
    this.form = facts.form;
    this.release = facts.release;
    this.clock = facts.clock;
    this.#random = facts.seed ?? 1;
  }

  /** Sets peers `10.A.B.1` with so many tunnels each, all up and without stale sessions. */
  populate(peers: number, tunnelsEach: number): void {
    let index = FIRST_INDEX;
    this.peers = Array.from({ length: peers }, (_, number) => {
      const peer: Peer = {
        address: `10.${(number >>> 8) & 255}.${number & 255}.1`,
        cookie: this.hex64(),
        ikeUpAt: 0,
        tunnels: [],
      };
      for (let tunnel = 0; tunnel < tunnelsEach; tunnel += 1) {
        index += 1;
        const spis = { inboundSpi: this.spi(), outboundSpi: this.spi() };
        peer.tunnels.push({ index, peer, ...spis, upAt: 0, stale: 0, seed: this.spi() });
      }
      return peer;
    });
  }

  peer(address: string): Peer | undefined {
    return this.peers.find(peer => peer.address === address);
  }

  tunnel(index: number): Tunnel | undefined {
    for (const peer of this.peers) {
      const found = peer.tunnels.find(tunnel => tunnel.index === index);
      if (found) return found;
    }
    return undefined;
  }

  isUp(tunnel: Tunnel): boolean {
    return this.clock.now() >= tunnel.upAt;
  }

  /** Sessions of one peer in the flow table. */
  sessionsOf(peer: Peer): number {
    let sessions = 0;
    for (const tunnel of peer.tunnels) sessions += (this.isUp(tunnel) ? 2 : 0) + tunnel.stale;
    return sessions;
  }

  get sessions(): number {
    return this.peers.reduce((sum, peer) => sum + this.sessionsOf(peer), 0);
  }

  clearIke(peer: Peer): void {
    peer.cookie = this.hex64();
    peer.ikeUpAt = this.#renewed();
    if (this.behaviour.ikeClear === 'drops-ipsec') for (const tunnel of peer.tunnels) this.#take(tunnel);
  }

  clearIpsec(tunnel: Tunnel): void {
    this.#take(tunnel);
    if (this.behaviour.ipsecClear === 'frees-sessions') tunnel.stale = 0;
  }

  /** A new SA for the tunnel; its flow session of the old one stays behind. */
  rekey(tunnel: Tunnel): void {
    tunnel.inboundSpi = this.spi();
    tunnel.outboundSpi = this.spi();
    tunnel.stale += 1;
  }

  spi(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.max(this.#random, 0x100);
  }

  hex64(): string {
    return this.spi().toString(16).padStart(8, '0') + this.spi().toString(16).padStart(8, '0');
  }

  #take(tunnel: Tunnel): void {
    tunnel.upAt = this.#renewed();
    tunnel.inboundSpi = this.spi();
    tunnel.outboundSpi = this.spi();
  }

  #renewed(): number {
    return this.behaviour.peersReturn ? this.clock.now() + this.behaviour.renewMs : Infinity;
  }
}
