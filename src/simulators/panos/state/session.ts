/** One session of the firewall's session table, and what it costs the dataplane at any moment. */

/** Who talks to whom, as the firewall knows it. Addresses are host addresses; protocol is the IP protocol number. */
export interface Flow {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
  /** Source zone and destination zone. */
  readonly from: string;
  readonly to: string;
  readonly application: string;
  /** `domain\user`, or empty where User-ID knows nobody. */
  readonly user: string;
  readonly rule: string;
}

/** Percent of one dataplane's resources. */
export interface Load {
  readonly packetBuffer: number;
  readonly packetDescriptor: number;
  readonly onChipDescriptor: number;
}

/** What a session's share does once it is discarded: goes away, stays, or grows by a quarter (a retry storm). */
export type AfterDiscard = 'frees' | 'stays' | 'worsens';

export interface Session {
  readonly id: number;
  readonly flow: Flow;
  /** Name of the dataplane that works on it. */
  readonly dataplane: string;
  readonly share: Load;
  readonly afterDiscard: AfterDiscard;
  readonly bytesPerSecond: number;
  readonly startedAt: number;
  /** What packet-buffer protection names when this session offends: its id or its source address. */
  readonly offenderAs: 'session' | 'address';
  discarded?: { readonly at: number; readonly timeoutMs: number; readonly reason: string };
  /** Set when it was cleared or ended by itself. */
  endedAt?: number;
}

type SessionPhase = 'future' | 'ACTIVE' | 'DISCARD' | 'gone';

export const NO_LOAD: Load = { packetBuffer: 0, packetDescriptor: 0, onChipDescriptor: 0 };

export function phaseAt(session: Session, at: number): SessionPhase {
  if (at < session.startedAt) return 'future';
  if (session.endedAt !== undefined && at >= session.endedAt) return 'gone';
  if (!session.discarded || at < session.discarded.at) return 'ACTIVE';
  return at < session.discarded.at + session.discarded.timeoutMs ? 'DISCARD' : 'gone';
}

/** What the session costs its dataplane. A discarded session frees its share `freeDelayMs` after the discard. */
export function costAt(session: Session, at: number, freeDelayMs: number): Load {
  if (at < session.startedAt) return NO_LOAD;
  if (session.endedAt !== undefined && at >= session.endedAt) return NO_LOAD;
  const freed = session.discarded !== undefined && at >= session.discarded.at + freeDelayMs;
  if (!freed) return session.share;
  if (session.afterDiscard === 'frees') return NO_LOAD;
  return session.afterDiscard === 'stays' ? session.share : scale(session.share, 1.25);
}

/** Bytes that have passed, both directions. A discarded session passes none. */
export function bytesAt(session: Session, at: number): number {
  const until = Math.min(at, session.discarded?.at ?? at, session.endedAt ?? at);
  return Math.round((Math.max(0, until - session.startedAt) / 1_000) * session.bytesPerSecond);
}

export function addLoads(left: Load, right: Load): Load {
  return {
    packetBuffer: left.packetBuffer + right.packetBuffer,
    packetDescriptor: left.packetDescriptor + right.packetDescriptor,
    onChipDescriptor: left.onChipDescriptor + right.onChipDescriptor,
  };
}

function scale(load: Load, factor: number): Load {
  return {
    packetBuffer: load.packetBuffer * factor,
    packetDescriptor: load.packetDescriptor * factor,
    onChipDescriptor: load.onChipDescriptor * factor,
  };
}
