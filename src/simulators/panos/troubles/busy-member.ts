import { carriesTraffic, type Member } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';

/** The first member that carries traffic. Throws a RangeError when none does. */
export function busyMember(state: PanosState): Member {
  const busy = state.members.find(carriesTraffic);
  if (!busy) throw new RangeError('no member carries traffic now');
  return busy;
}
