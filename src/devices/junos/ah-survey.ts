import { DeviceSurprise } from '../../core/errors.ts';
import { type Ownership, ownership } from './ownership.ts';
import type { SpiTable } from './replies/spi-table.ts';
import type { PeerFlows } from './replies/flow-tally.ts';
import type { IpsecTable, Tunnel } from './replies/ipsec.ts';
import type { AhFlows, JunosSession } from './session.ts';
import type { Peer } from './values.ts';

/** What one peer has in the flow table, held against its SAs. */
export interface PeerSurvey {
  readonly peer: Peer;
  readonly sessions: number;
  /** Distinct SPIs in its sessions that belong to a living inbound SA. */
  readonly living: number;
  /** Distinct SPIs that belong to none, in a read before and a read after. */
  readonly orphans: number;
  /** Its tunnels, as read last. */
  readonly tunnels: readonly Tunnel[];
  /** What its tunnels account for: one anchor each and one session per living inbound SA. */
  readonly expected: number;
}

/** All AH sessions of a device, read whole. */
export interface AhSurvey {
  readonly ownership: Ownership;
  /** AH sessions that are active here, tunnels and transit together. */
  readonly sessions: number;
  /** AH sessions that pass through: their tunnel ends elsewhere. */
  readonly transit: number;
  /** Most sessions first. */
  readonly peers: readonly PeerSurvey[];
  /** Addresses of this device on which tunnels end. */
  readonly localGateways: ReadonlySet<string>;
}

/**
 * Counts AH sessions by peer and tells which have no living SA. SAs are read before and after the flow table: an SPI
 * is an orphan only when it is in neither, so that a rekey in between makes none. Throws when any read is not whole.
 */
export async function surveyAh(session: JunosSession, signal: AbortSignal): Promise<AhSurvey> {
  const owned = ownership(await session.cluster(signal));
  const before = await session.tunnels(signal);
  const flows = await session.ahFlows(signal);
  const after = await session.tunnels(signal);
  checkNodes(session, owned, flows);
  const { tally } = flows;
  const living = new Set<number>();
  for (const table of [before, after]) for (const tunnel of table.tunnels.values()) addAll(living, tunnel.inboundSpis);
  const counts = await countSpis(tally.spis, tally.peerCount, living);
  const tunnels = byPeer(after);
  const peers = [...tally.peers].map(flow => surveyOf(flow, counts, tunnels.get(flow.peer) ?? []));
  peers.sort((a, b) => b.sessions - a.sessions || (a.peer < b.peer ? -1 : 1));
  return {
    ownership: owned,
    sessions: tally.sessions,
    transit: tally.transit,
    peers,
    localGateways: tally.localGateways,
  };
}

interface SpiCounts {
  readonly living: Uint32Array;
  readonly orphans: Uint32Array;
}

async function countSpis(spis: SpiTable, peers: number, alive: ReadonlySet<number>): Promise<SpiCounts> {
  const counts = { living: new Uint32Array(peers), orphans: new Uint32Array(peers) };
  for (const shard of spis.shards()) {
    for (const [peer, spi] of shard) {
      const count = alive.has(spi) ? counts.living : counts.orphans;
      count[peer] = (count[peer] ?? 0) + 1;
    }
    await new Promise(setImmediate);
  }
  return counts;
}

function surveyOf(flow: PeerFlows, counts: SpiCounts, tunnels: readonly Tunnel[]): PeerSurvey {
  return {
    peer: flow.peer,
    sessions: flow.sessions,
    living: counts.living[flow.number] ?? 0,
    orphans: counts.orphans[flow.number] ?? 0,
    tunnels,
    expected: tunnels.reduce((sum, tunnel) => sum + (tunnel.up ? 1 + tunnel.inboundSpis.size : 0), 0),
  };
}

function byPeer(table: IpsecTable): ReadonlyMap<Peer, readonly Tunnel[]> {
  const found = new Map<Peer, Tunnel[]>();
  for (const tunnel of table.tunnels.values()) {
    const tunnels = found.get(tunnel.peer);
    if (tunnels) tunnels.push(tunnel);
    else found.set(tunnel.peer, [tunnel]);
  }
  return found;
}

/** A node that answers nothing leaves a short list that looks whole. */
function checkNodes(session: JunosSession, owned: Ownership, { listing }: AhFlows): void {
  const missing = owned.answering.filter(node => !listing.nodes.includes(node));
  if (missing.length === 0) return;
  throw new DeviceSurprise({
    device: session.name,
    tried: 'show security flow session protocol ah',
    found: `the list lacks ${missing.join(' and ')} of the cluster, which should answer`,
  });
}

function addAll(set: Set<number>, values: Iterable<number>): void {
  for (const value of values) set.add(value);
}
