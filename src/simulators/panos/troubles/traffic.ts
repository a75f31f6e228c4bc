import { z } from 'zod';
import type { PanosState } from '../state/state.ts';
import type { TrafficFacts } from '../state/traffic.ts';
import { busyMember } from './busy-member.ts';

const BLOCKING = ['deny', 'drop', 'drop-icmp', 'reset-client', 'reset-server', 'reset-both'];

/** Sessions that are logged: at once, or evenly `over` so many seconds from now on. */
export const Traffic = z.strictObject({
  member: z.string().optional(),
  sessions: z.int().min(1).max(2_000_000).default(1),
  over: z.number().nonnegative().default(0),
  /** Their receive time lies so many seconds before the moment from which they can be read. */
  late: z.number().nonnegative().default(0),
  /** All have the same receive time. */
  sameSecond: z.boolean().default(false),
  sessionEndReason: z.string().default('tcp-fin'),
  action: z.string().default('allow'),
  application: z.string().default('ssl'),
  /** Absent: `end` for what was allowed, `drop` for what was not. */
  subtype: z.string().optional(),
  bytes: z.int().nonnegative().default(20_000),
  repeat: z.int().positive().default(1),
  source: z.string().optional(),
  destination: z.string().default('198.51.100.20'),
  destinationPort: z.int().min(0).max(65_535).default(443),
  protocol: z.string().default('tcp'),
  from: z.string().default('trust'),
  to: z.string().default('untrust'),
  rule: z.string().default('allow-internet'),
  user: z.string().default(''),
  /** Fields that these entries lack, as `["session_end_reason"]`. */
  without: z.array(z.string()).default([]),
  /** Fields that no release is known to have. */
  extra: z.record(z.string().regex(/^[A-Za-z_][\w.-]*$/), z.string()).default({}),
});

/** Returns how many sessions will be logged. */
export function orderTraffic(state: PanosState, wanted: z.output<typeof Traffic>): number {
  const { late, member: name, over, sameSecond, sessions, subtype, ...rest } = wanted;
  const member = name === undefined ? busyMember(state) : state.member(name);
  const blocked = BLOCKING.includes(rest.action);
  const facts: TrafficFacts = { ...rest, source: rest.source, subtype: subtype ?? (blocked ? 'drop' : 'end') };
  member.traffic.add({
    facts,
    startsAt: state.now(),
    spanMs: over * 1_000,
    count: sessions,
    lateMs: late * 1_000,
    sameSecond,
  });
  member.traffic.advance(state.now());
  return sessions;
}
