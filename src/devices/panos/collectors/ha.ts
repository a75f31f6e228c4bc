import { PartialResult } from '../../../core/errors.ts';
import { type Metric, sample, type Sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import { showFloatingAddresses, showHaState } from '../commands.ts';
import { type FloatingAddress, readFloatingAddresses } from '../replies/floating-addresses.ts';
import {
  type ConfigSync,
  HA_MODES,
  type HaEnabled,
  type HaPart,
  type HaState,
  MEMBER_STATES,
  readHaState,
} from '../replies/ha-state.ts';
import type { PanosMember, PanosSession } from '../session.ts';
import { fromEachMember } from './each-member.ts';
import { haMetrics } from './ha-metrics.ts';

/**
 * High availability as each member sees it: one call a member, and one more in active/active for the floating addresses.
 */
export const ha: Collector<PanosSession> = {
  name: 'ha',
  cadence: 'scrape',
  metrics: Object.values(haMetrics),
  collect: async (session, signal) => {
    const said: ConfigSync[] = [];
    const read = (member: PanosMember) => memberSamples(member, session.clock.now(), said, signal);
    try {
      return [...(await fromEachMember(session, read)), ...synchronized(said)];
    } catch (error) {
      if (!(error instanceof PartialResult)) throw error;
      throw new PartialResult([...error.samples, ...synchronized(said)], error.errors);
    }
  },
};

async function memberSamples(
  member: PanosMember,
  nowMs: number,
  said: ConfigSync[],
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  const state = readHaState(await member.read(showHaState, signal));
  if (!state.enabled) return haSamples(member.name, nowMs, state, []);
  if (state.configSync !== undefined) said.push(state.configSync);
  const floating = state.mode === 'active-active' ? await floatingAddresses(member, signal) : [];
  return haSamples(member.name, nowMs, state, floating);
}

async function floatingAddresses(member: PanosMember, signal: AbortSignal): Promise<readonly FloatingAddress[]> {
  const reply = await member.readIfSupported(showFloatingAddresses, signal);
  return reply ? readFloatingAddresses(reply) : [];
}

/** What one member says, as samples. `nowMs` is when it said so. */
export function haSamples(
  member: string,
  nowMs: number,
  state: HaState,
  floating: readonly FloatingAddress[],
): readonly Sample[] {
  const enabled = sample(haMetrics.enabled, { member }, state.enabled ? 1 : 0);
  if (!state.enabled) return [enabled];
  return [
    enabled,
    ...set(haMetrics.mode, { member }, 'mode', HA_MODES, state.mode),
    ...set(haMetrics.state, { member }, 'state', MEMBER_STATES, state.local.state),
    ...peerSamples(member, state.peer),
    ...parts(haMetrics.linkUp, member, 'link', state.links),
    ...parts(haMetrics.monitoredInterfaceUp, member, 'interface', state.monitoredInterfaces),
    ...localSamples(member, nowMs, state.local),
    ...floating.map(({ address, active }) =>
      sample(haMetrics.floatingAddressActive, { member, address }, active ? 1 : 0),
    ),
  ];
}

function peerSamples(member: string, peer: HaEnabled['peer']): readonly Sample[] {
  if (!peer) return [];
  return [
    ...set(haMetrics.peerState, { member }, 'state', MEMBER_STATES, peer.state),
    sample(haMetrics.peerConnected, { member }, peer.connected ? 1 : 0),
  ];
}

function localSamples(member: string, nowMs: number, local: HaEnabled['local']): readonly Sample[] {
  const gauge = (metric: Metric, value: number | boolean | undefined) =>
    value === undefined ? [] : [sample(metric, { member }, Number(value))];
  const { stateSync, stateSeconds } = local;
  const since = stateSeconds === undefined ? undefined : Math.round(nowMs / 1_000) - stateSeconds;
  return [
    ...gauge(haMetrics.stateSynchronized, stateSync === 'disabled' ? undefined : stateSync && stateSync === 'complete'),
    ...gauge(haMetrics.preemptive, local.preemptive),
    ...gauge(haMetrics.priority, local.priority),
    ...gauge(haMetrics.lastStateChange, since),
    ...local.matches.map(({ name, match }) => sample(haMetrics.versionMatch, { member, part: name }, match ? 1 : 0)),
  ];
}

/** One sample for the device; none where nobody says, or where nobody wants it synchronized. */
function synchronized(said: readonly ConfigSync[]): readonly Sample[] {
  const meant = said.filter(sync => sync !== 'disabled' && sync !== 'unknown');
  if (meant.length === 0) return [];
  return [sample(haMetrics.configSynchronized, {}, meant.every(sync => sync === 'synchronized') ? 1 : 0)];
}

/** One sample for each value that there can be: 1 for the one that is, 0 for the others. */
function set(
  metric: Metric,
  labels: Readonly<Record<string, string>>,
  label: string,
  values: readonly string[],
  found: string,
): readonly Sample[] {
  return values.map(value => sample(metric, { ...labels, [label]: value }, value === found ? 1 : 0));
}

function parts(metric: Metric, member: string, label: string, found: readonly HaPart[]): readonly Sample[] {
  return found.flatMap(({ name, up }) =>
    up === undefined ? [] : [sample(metric, { member, [label]: name }, up ? 1 : 0)],
  );
}
