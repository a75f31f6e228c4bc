import type { Dataplane, Member } from './member.ts';
import { costAt, phaseAt, type Load, type Session } from './session.ts';
import type { PanosState } from './state.ts';

const SMALLEST_SHARE = 2;
const MOST_LISTED = 5;

/**
 * The sessions that use at least 2 % of a dataplane's resource now, largest first, at most five: what
 * packet-buffer protection and ingress-backlogs list (vendor documentation of `show running resource-monitor`).
 */
export function offenders(
  state: PanosState,
  member: Member,
  dataplane: Dataplane,
  resource: keyof Load = 'packetBuffer',
): readonly Session[] {
  const now = state.now();
  return state
    .sessions(member)
    .filter(session => session.dataplane === dataplane.name && phaseAt(session, now) === 'ACTIVE')
    .filter(session => costAt(session, now, state.behaviour.freeDelayMs)[resource] >= SMALLEST_SHARE)
    .sort((left, right) => right.share[resource] - left.share[resource] || left.id - right.id)
    .slice(0, MOST_LISTED);
}
