/** What the sessions of one order of traffic have in common, and what tells them apart. */
import { SEATS } from './office.ts';

export interface TrafficFacts {
  /** `start`, `end`, `drop` or `deny`: when in its life the session was logged. */
  readonly subtype: string;
  readonly sessionEndReason: string;
  readonly action: string;
  readonly application: string;
  readonly rule: string;
  /** Absent: the addresses of the office, in turn. */
  readonly source: string | undefined;
  readonly destination: string;
  readonly destinationPort: number;
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
  readonly user: string;
  /** Of one session, both directions. */
  readonly bytes: number;
  readonly repeat: number;
  /** Fields that these entries lack. */
  readonly without: readonly string[];
  /** Fields that only these entries have. */
  readonly extra: Readonly<Record<string, string>>;
}

const FIRST_SESSION = 100_000;
const FIRST_PORT = 1_024;
const PORTS = 60_000;
const ELAPSED_S = 30;

/** The source of the `n`th session, counted from 0. */
export function sourceOf(facts: TrafficFacts, n: number): string {
  return facts.source ?? SEATS[n % SEATS.length]?.source ?? '';
}

export function sourcePortOf(n: number): number {
  return FIRST_PORT + (n % PORTS);
}

/** 0 for traffic that never became a session. */
export function sessionIdOf(facts: TrafficFacts, n: number): number {
  return hasSession(facts) ? FIRST_SESSION + n : 0;
}

export function elapsedSeconds({ subtype }: TrafficFacts): number {
  return subtype === 'end' ? ELAPSED_S : 0;
}

export function hasSession({ subtype }: TrafficFacts): boolean {
  return subtype === 'end' || subtype === 'start';
}
