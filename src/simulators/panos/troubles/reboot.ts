import { z } from 'zod';
import { carriesTraffic, type Member } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';
import { failover, handOverTraffic, setHaState } from './high-availability.ts';

/** `seconds` without any connection; a pair's member then is `initial` for `initialSeconds` before it is passive. */
export const Reboot = z.strictObject({
  member: z.string().optional(),
  seconds: z.number().nonnegative().default(120),
  initialSeconds: z.number().nonnegative().default(60),
});

/** Takes a member down: its sessions are lost, and in a pair the other one takes over. */
export function reboot(state: PanosState, order: z.input<typeof Reboot> = {}): void {
  const wanted = Reboot.parse(order);
  const member = wanted.member === undefined ? state.members[0] : state.member(wanted.member);
  if (!member) throw new RangeError('a firewall has at least one member');
  const peer = state.peerOf(member);
  if (peer && carriesTraffic(member)) leaveTraffic(state, member, peer);
  const upAgain = state.now() + wanted.seconds * 1_000;
  member.sessions.clear();
  member.jobs.length = 0;
  member.queries.clear();
  member.downUntil = upAgain;
  if (peer) setHaState(state, member, 'initial');
  state.schedule(upAgain, () => {
    delete member.downUntil;
    member.bootedAt = upAgain;
    rebootTags(state, member);
  });
  if (peer)
    state.schedule(upAgain + wanted.initialSeconds * 1_000, () => setHaState(state, member, joiningState(state)));
}

function leaveTraffic(state: PanosState, member: Member, peer: Member): void {
  if (member.haState === 'active-secondary') handOverTraffic(state, member, peer);
  else failover(state);
}

// A member of a pair that synchronizes tags takes those of its peer; otherwise it has what survived.
function rebootTags(state: PanosState, member: Member): void {
  const peer = state.behaviour.tagSync ? state.reachablePeer(member) : undefined;
  const restart = state.behaviour.rebootCountdown === 'restarts';
  for (const table of ['registeredAddresses', 'registeredUsers'] as const) {
    if (peer) member[table].copyFrom(peer[table]);
    else member[table].reboot(member.bootedAt, restart);
  }
}

function joiningState(state: PanosState) {
  return state.ha?.mode === 'active-active' ? 'active-secondary' : 'passive';
}
