import { Refusal } from '../../core/errors.ts';
import type { HaEnabled } from './replies/ha-state.ts';
import type { PanosMember } from './session.ts';

interface Answered {
  readonly member: PanosMember;
  readonly ha: HaEnabled;
}

/** After a failover sessions, addresses and mappings still move, and the old active member may come back. */
const SETTLED_AFTER_SECONDS = 60;

/**
 * Throws Refusal `ha-failover-recent` when an acting member has been in its part for less than a minute, and
 * `ha-not-synchronized` when a pair that must have one configuration does not say that it has.
 */
export function refuseUnsettled(enabled: readonly Answered[], acting: readonly Answered[], requireSync: boolean): void {
  acting.forEach(refuseRecent);
  if (requireSync) enabled.forEach(one => refuseUnsynchronized(one, acting.includes(one)));
}

function refuseRecent({ member, ha: { local } }: Answered): void {
  const { state, stateSeconds } = local;
  if (stateSeconds === undefined) {
    throw new Refusal('ha-state-unknown', `${member.name} is ${state}, and does not say since when`);
  }
  if (stateSeconds >= SETTLED_AFTER_SECONDS) return;
  const detail = `${member.name} is ${state} for ${stateSeconds} s only; nothing is changed in the first ${SETTLED_AFTER_SECONDS} s`;
  throw new Refusal('ha-failover-recent', detail);
}

/** An acting member must say that it is synchronized; of the other it is enough that it does not deny it. */
function refuseUnsynchronized({ member, ha: { configSync } }: Answered, acts: boolean): void {
  if (configSync === 'synchronized' || configSync === 'disabled') return;
  if (configSync === undefined && !acts) return;
  const said = configSync === undefined ? 'nothing of it' : configSync.replaceAll('-', ' ');
  throw new Refusal(
    'ha-not-synchronized',
    `${member.name} must have the configuration of its peer (ha.require_sync), and says: ${said}`,
  );
}
