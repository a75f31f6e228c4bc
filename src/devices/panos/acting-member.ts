import { Refusal } from '../../core/errors.ts';
import type { HaReading } from './ha-reading.ts';
import { refuseUnsettled } from './ha-settled.ts';
import type { HaEnabled, MemberState } from './replies/ha-state.ts';
import type { PanosMember } from './session.ts';

interface Answered {
  readonly member: PanosMember;
  readonly ha: HaEnabled;
}

/**
 * The members whose own sessions may be changed now: the active one of an active/passive pair, each active one of an
 * active/active pair (session ids belong to one member), or the only one where HA is off. Throws Refusal when the pair
 * is in a state in which nobody can say who is in charge, when it is not settled (a failover just now, configuration not
 * synchronized), and DeviceUnreachable when the one in charge may be the one that does not answer. To be asked right
 * before every change.
 */
export function membersForSessions(reading: HaReading): readonly PanosMember[] {
  const acting = membersInCharge(reading);
  const enabled = reading.answered.flatMap(({ member, ha }) => (ha.enabled ? [{ member, ha }] : []));
  const inCharge = enabled.filter(({ member }) => acting.includes(member));
  refuseUnsettled(enabled, inCharge, reading.requireSync);
  return acting;
}

/** The same members, whether the pair is settled or not: to read what they carry. */
export function membersInCharge(reading: HaReading): readonly PanosMember[] {
  const { answered, silent } = reading;
  if (answered.length === 0 && silent[0]) throw silent[0].error;
  const enabled = answered.flatMap(({ member, ha }) => (ha.enabled ? [{ member, ha }] : []));
  if (enabled.length === 0) return withoutHa(reading);
  if (enabled.length < answered.length) throw unknown('HA is enabled on one member and not on the other');
  const modes = new Set(enabled.map(({ ha }) => ha.mode));
  if (modes.size > 1 || modes.has('unknown')) throw unknown(`the HA mode is not clear: ${describe(enabled)}`);
  const roles: readonly MemberState[] = modes.has('active-active')
    ? ['active-primary', 'active-secondary']
    : ['active'];
  return inCharge(reading, enabled, roles);
}

/**
 * The one member on which tags and configuration are changed: the active one, the active-primary one of an active/active
 * pair, or the only one where HA is off. Errors as for `membersInCharge`, and Refusal `ha-primary-silent` when only the
 * secondary of an active/active pair can be asked. A block must end, and be set again, right after a failover too: who
 * begins a new one asks `membersForSessions` besides.
 */
export function memberForTags(reading: HaReading): PanosMember {
  const acting = membersInCharge(reading);
  const states = new Map(reading.answered.map(({ member, ha }) => [member, ha.enabled ? ha.local.state : undefined]));
  const first = acting.find(member => states.get(member) !== 'active-secondary');
  if (first) return first;
  const detail = 'of the pair only the active-secondary member answers; tags are changed on the active-primary one';
  throw new Refusal('ha-primary-silent', detail);
}

function withoutHa({ answered, silent }: HaReading): readonly PanosMember[] {
  if (answered.length + silent.length === 1) return answered.map(({ member }) => member);
  throw new Refusal('ha-disabled', 'two addresses are configured, but HA is not enabled: these are two devices');
}

/** `roles`: the states in which a member is in charge; each of them belongs to one member at a time. */
function inCharge(
  { silent }: HaReading,
  enabled: readonly Answered[],
  roles: readonly MemberState[],
): readonly PanosMember[] {
  if (enabled.some(({ ha }) => ha.local.state === 'unknown')) {
    throw unknown(`a member is in a state that is not known: ${describe(enabled)}`);
  }
  const acting = enabled.filter(({ ha }) => roles.includes(ha.local.state));
  if (acting.length === 0) {
    if (silent[0]) throw silent[0].error;
    throw nobodyActive(enabled);
  }
  const claimed = acting.map(({ ha }) => ha.local.state);
  const seen = enabled.length > 1 ? [] : acting.flatMap(({ ha }) => ha.peer?.state ?? []);
  if (claimed.concat(seen).some((state, index, all) => roles.includes(state) && all.indexOf(state) < index)) {
    throw new Refusal('ha-split-brain', `both members claim the same part: ${describe(enabled)}`);
  }
  if (enabled.length === 1) acting.forEach(refuseUnknownPeer);
  return acting.map(({ member }) => member);
}

/** Where the peer was not asked, the member's own view of it must rule out that the peer is in charge as well. */
function refuseUnknownPeer({ member, ha }: Answered): void {
  if (ha.peer?.connected && ha.peer.state !== 'unknown') return;
  const found = ha.peer ? `${ha.peer.state}, ${ha.peer.connected ? 'connected' : 'not connected'}` : 'nothing';
  throw new Refusal(
    'ha-peer-unknown',
    `${member.name} is ${ha.local.state}, but of its peer it knows: ${found}. The peer may be active too`,
  );
}

function nobodyActive(enabled: readonly Answered[]): Refusal {
  const suspended = enabled.some(({ ha }) => ha.local.state === 'suspended');
  const alone = enabled.length === 1 ? '; add the address of the other member' : '';
  return new Refusal(suspended ? 'ha-suspended' : 'ha-no-active', `no member is active: ${describe(enabled)}${alone}`);
}

function unknown(detail: string): Refusal {
  return new Refusal('ha-state-unknown', detail);
}

function describe(enabled: readonly Answered[]): string {
  return enabled.map(({ member, ha }) => `${member.name} is ${ha.local.state} (${ha.mode})`).join(', ');
}
