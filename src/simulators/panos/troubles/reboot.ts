import { z } from 'zod';
import { carriesTraffic } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';
import { failover, setHaState } from './high-availability.ts';

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
  if (peer && state.ha?.mode === 'active-passive' && carriesTraffic(member)) failover(state);
  const upAgain = state.now() + wanted.seconds * 1_000;
  member.sessions.clear();
  member.jobs.length = 0;
  member.downUntil = upAgain;
  if (peer) setHaState(state, member, 'initial');
  state.schedule(upAgain, () => {
    delete member.downUntil;
    member.bootedAt = upAgain;
  });
  if (peer)
    state.schedule(upAgain + wanted.initialSeconds * 1_000, () => setHaState(state, member, joiningState(state)));
}

function joiningState(state: PanosState) {
  return state.ha?.mode === 'active-active' ? 'active-secondary' : 'passive';
}
