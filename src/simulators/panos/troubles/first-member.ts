import type { Member } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';

export function firstMember(state: PanosState): Member {
  const [member] = state.members;
  if (!member) throw new RangeError('a firewall has at least one member');
  return member;
}
