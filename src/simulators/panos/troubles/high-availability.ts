import { z } from 'zod';
import type { HaState, Member } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';

const STATES = [
  'active',
  'passive',
  'active-primary',
  'active-secondary',
  'initial',
  'tentative',
  'non-functional',
  'suspended',
  'unknown',
] as const satisfies readonly HaState[];

/** What the member that was active becomes; when absent `passive`, or `active-secondary` where both are active. */
export const Failover = z.strictObject({ leaves: z.enum(STATES).optional() });

/** Settings of high availability, one by one; what is absent stays. */
export const HaOrder = z.strictObject({
  member: z.string().optional(),
  state: z.enum(STATES).optional(),
  /** By name, as `ha2-backup`: up or down; null takes the link away. */
  links: z.record(z.string(), z.boolean().nullable()).optional(),
  configSync: z.enum(['synchronized', 'not synchronized', 'synchronization in progress']).optional(),
  stateSync: z.string().optional(),
  preemptive: z.boolean().optional(),
  mismatched: z.array(z.string()).optional(),
  keepAlive: z.boolean().optional(),
});

/** The other member takes over, with copies of the sessions under ids of its own. */
export function failover(state: PanosState, order: z.input<typeof Failover> = {}): Member {
  const { leaves } = Failover.parse(order);
  const old = state.members.find(member => member.haState === 'active' || member.haState === 'active-primary');
  const next = old && state.peerOf(old);
  if (!old || !next) throw new RangeError('failover needs a pair with an active member');
  const takesOver = old.haState ?? 'active';
  handOverTraffic(state, old, next);
  setHaState(state, old, leaves ?? (state.ha?.mode === 'active-active' ? 'active-secondary' : 'passive'));
  setHaState(state, next, takesOver);
  return next;
}

/** The peer carries from now on what this member carried: its sessions under other ids, and what is still to be logged. */
export function handOverTraffic(state: PanosState, from: Member, to: Member): void {
  copySessions(state, from, to);
  from.sessions.clear();
  from.traffic.handOver(to.traffic);
}

export function setHaState(state: PanosState, member: Member, haState: HaState): void {
  member.haState = haState;
  member.haSince = state.now();
}

export function orderHighAvailability(state: PanosState, order: z.input<typeof HaOrder>): void {
  const wanted = HaOrder.parse(order);
  const { ha } = state;
  if (!ha) throw new RangeError('this firewall has no high availability');
  if (wanted.state) {
    const members = wanted.member === undefined ? state.members : [state.member(wanted.member)];
    for (const member of members) setHaState(state, member, wanted.state);
  }
  for (const [name, up] of Object.entries(wanted.links ?? {})) {
    const link = ha.links.get(name);
    if (up === null) ha.links.delete(name);
    else ha.links.set(name, { primary: link?.primary ?? false, description: link?.description ?? 'link status', up });
  }
  ha.configSync = wanted.configSync ?? ha.configSync;
  ha.stateSync = wanted.stateSync ?? ha.stateSync;
  ha.preemptive = wanted.preemptive ?? ha.preemptive;
  ha.mismatched = wanted.mismatched ?? ha.mismatched;
  ha.keepAlive = wanted.keepAlive ?? ha.keepAlive;
}

function copySessions(state: PanosState, from: Member, to: Member): void {
  for (const session of state.sessions(from)) {
    const { id: _id, discarded, endedAt: _endedAt, ...rest } = session;
    const copy = to.sessions.open(rest);
    if (discarded && state.behaviour.discardSurvivesFailover) copy.discarded = discarded;
  }
}
