/** A traffic log entry as XML, field for field in the order recorded on 11.0.6-h1. */
import { highResolutionTime, slashedTime } from './state/local-time.ts';
import type { Member } from './state/member.ts';
import type { Platform } from './state/platform.ts';
import type { PanosState } from './state/state.ts';
import type { TrafficEntry } from './state/traffic-log.ts';
import { elapsedSeconds, sessionIdOf, sourceOf, sourcePortOf, type TrafficFacts } from './state/traffic.ts';
import { trafficFields } from './traffic-fields.ts';
import { elementWith, fields } from './xml.ts';

/** Both are above 2^53 on a real firewall; each member counts for itself. */
const FIRST_SEQNO = 7_607_872_259_432_000_001n;
const FIRST_LOGID = 7_615_780_483_930_000_001n;
const MEMBERS_APART = 1_000_000_000_000n;

const FEW = [
  ...['receive_time', 'high_res_timestamp', 'serial', 'seqno', 'type', 'subtype', 'src', 'dst', 'app', 'from', 'to'],
  ...['sessionid', 'repeatcnt', 'sport', 'dport', 'proto', 'rule', 'action', 'bytes', 'session_end_reason'],
];

export function seqnoOf(memberIndex: number, position: number): bigint {
  return FIRST_SEQNO + BigInt(memberIndex) * MEMBERS_APART + BigInt(position);
}

/** Where an entry with this sequence number stands; below 0 when it is older than the log. */
export function positionOf(memberIndex: number, seqno: bigint): number {
  return Number(seqno - FIRST_SEQNO - BigInt(memberIndex) * MEMBERS_APART);
}

/**
 * Writes the entries of one member. The fields that all entries of one order share are written once and then used
 * again, which makes pages of thousands cheap.
 */
export class TrafficEntryWriter {
  readonly #platform: Platform;
  readonly #member: Member;
  readonly #memberIndex: number;
  readonly #few: boolean;
  readonly #templates = new Map<TrafficFacts, readonly string[]>();

  constructor(state: PanosState, member: Member) {
    this.#platform = state.platform;
    this.#member = member;
    this.#memberIndex = state.members.indexOf(member);
    this.#few = state.behaviour.logFields === 'few';
  }

  write(entry: TrafficEntry): string {
    const values = this.#varying(entry);
    const pieces = this.#templateOf(entry.facts);
    return pieces.map((piece, index) => (index % 2 === 0 ? piece : (values[piece] ?? ''))).join('');
  }

  #varying({ facts, n, position, receivedAt }: TrafficEntry): Readonly<Record<string, string>> {
    const { timeZone } = this.#platform;
    return {
      logid: String(FIRST_LOGID + BigInt(this.#memberIndex) * MEMBERS_APART + BigInt(position)),
      seqno: String(seqnoOf(this.#memberIndex, position)),
      received: slashedTime(receivedAt, timeZone),
      exact: highResolutionTime(receivedAt, timeZone),
      start: slashedTime(receivedAt - elapsedSeconds(facts) * 1_000, timeZone),
      src: sourceOf(facts, n),
      sport: String(sourcePortOf(n)),
      sessionid: String(sessionIdOf(facts, n)),
    };
  }

  // Literal pieces and names of holes in turn.
  #templateOf(facts: TrafficFacts): readonly string[] {
    const known = this.#templates.get(facts);
    if (known) return known;
    const hole = (name: string) => `\u0001${name}\u0001`;
    const values = trafficFields(facts, this.#platform, this.#member, hole);
    const kept = Object.entries(values)
      .filter(([name]) => !facts.without.includes(name))
      .filter(([name]) => !this.#few || FEW.includes(name) || Object.hasOwn(facts.extra, name));
    const written = elementWith('entry', { logid: hole('logid') }, ...fields(Object.fromEntries(kept)));
    const template = written.toString().split('\u0001');
    this.#templates.set(facts, template);
    return template;
  }
}
