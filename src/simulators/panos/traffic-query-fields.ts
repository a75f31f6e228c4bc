/** What a query over the traffic log may name: the words that were seen working, and the sequence number. */
import type { QueryFields } from './filter-query.ts';
import type { TrafficEntry } from './state/traffic-log.ts';
import { sessionIdOf, sourceOf, sourcePortOf } from './state/traffic.ts';
import { seqnoOf } from './traffic-entry.ts';

export function trafficQueryFields(memberIndex: number): QueryFields<TrafficEntry> {
  return {
    'addr.src': { kind: 'address', of: ({ facts, n }) => sourceOf(facts, n) },
    'addr.dst': { kind: 'address', of: ({ facts }) => facts.destination },
    'user.src': { kind: 'text', of: ({ facts }) => facts.user },
    from: { kind: 'text', of: ({ facts }) => facts.from },
    to: { kind: 'text', of: ({ facts }) => facts.to },
    app: { kind: 'text', of: ({ facts }) => facts.application },
    rule: { kind: 'text', of: ({ facts }) => facts.rule },
    action: { kind: 'text', of: ({ facts }) => facts.action },
    subtype: { kind: 'text', of: ({ facts }) => facts.subtype },
    proto: { kind: 'text', of: ({ facts }) => facts.protocol },
    session_end_reason: { kind: 'text', of: ({ facts }) => facts.sessionEndReason },
    sessionid: { kind: 'number', of: ({ facts, n }) => sessionIdOf(facts, n) },
    'port.dst': { kind: 'number', of: ({ facts }) => facts.destinationPort },
    dport: { kind: 'number', of: ({ facts }) => facts.destinationPort },
    'port.src': { kind: 'number', of: ({ n }) => sourcePortOf(n) },
    sport: { kind: 'number', of: ({ n }) => sourcePortOf(n) },
    receive_time: { kind: 'time', of: wholeSecond },
    time_generated: { kind: 'time', of: wholeSecond },
    seqno: { kind: 'sequence', of: ({ position }) => seqnoOf(memberIndex, position) },
  };
}

function wholeSecond({ receivedAt }: TrafficEntry): number {
  return Math.floor(receivedAt / 1_000) * 1_000;
}
