/** The state that a simulated firewall starts with. */
import type { Clock } from '../../../core/clock.ts';
import { backgroundSessions } from './background.ts';
import { type Behaviour, DEFAULT_BEHAVIOUR } from './behaviour.ts';
import { DEFAULT_GROUPS } from './dynamic-groups.ts';
import { firstConfiguration } from './first-configuration.ts';
import { foreignAddresses, foreignUsers } from './foreign-tags.ts';
import { defaultHighAvailability, type HaMode } from './high-availability.ts';
import type { HaState, Member } from './member.ts';
import { officeDirectory } from './office.ts';
import type { Platform } from './platform.ts';
import { QueryJobs } from './query-jobs.ts';
import { SessionTable } from './session-table.ts';
import { type Account, PanosState } from './state.ts';
import { TrafficLog } from './traffic-log.ts';
import { UsageLog } from './usage.ts';

interface StateOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly account: Account;
  readonly platform: Platform;
  readonly highAvailability: 'none' | HaMode;
  readonly behaviour: Partial<Behaviour>;
}

const DAY_MS = 86_400_000;
const UP_FOR_MS = 21 * DAY_MS;

/** One member, or two where there is high availability; the first is active (or active-primary). */
export function buildState(options: StateOptions): PanosState {
  const { highAvailability } = options;
  const ha = highAvailability === 'none' ? undefined : defaultHighAvailability(highAvailability);
  const states = firstStates(highAvailability);
  const members = states.map((haState, index) => buildMember(options, haState, index, states.length));
  const state = new PanosState({
    clock: options.clock,
    account: options.account,
    platform: options.platform,
    ha,
    members,
    directory: officeDirectory(options.clock.now()),
    dynamicGroups: DEFAULT_GROUPS,
    behaviour: { ...DEFAULT_BEHAVIOUR, ...options.behaviour },
  });
  for (const session of backgroundSessions(options.platform, options.clock.now())) members[0]?.sessions.open(session);
  return state;
}

function firstStates(mode: 'none' | HaMode): readonly (HaState | undefined)[] {
  if (mode === 'none') return [undefined];
  return mode === 'active-passive' ? ['active', 'passive'] : ['active-primary', 'active-secondary'];
}

function buildMember(options: StateOptions, haState: HaState | undefined, index: number, count: number): Member {
  const now = options.clock.now();
  return {
    name: count === 1 ? options.name : `${options.name}-${index + 1}`,
    serial: `0123010000${String(index + 1).padStart(2, '0')}`,
    managementAddress: `192.0.2.${11 + index}`,
    dataplanes: options.platform.dataplanes.map(name => ({
      name,
      base: { packetBuffer: 7, packetDescriptor: 1, onChipDescriptor: options.platform.virtual ? 0 : 8 },
    })),
    // Ids are per device: the two members of a pair never use the same range here.
    sessions: new SessionTable(1_000 + index * 500_000),
    jobs: [],
    registeredAddresses: foreignAddresses(now),
    registeredUsers: foreignUsers(now),
    usage: new UsageLog(),
    queries: new QueryJobs(),
    traffic: new TrafficLog(),
    locks: [],
    configuration: firstConfiguration(options.platform.systems),
    haState,
    haSince: now - UP_FOR_MS,
    bootedAt: now - UP_FOR_MS,
  };
}
