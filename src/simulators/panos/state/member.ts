import { addLoads, costAt, type Load } from './session.ts';
import type { Configuration } from './configuration.ts';
import type { QueryJobs } from './query-jobs.ts';
import type { SessionTable } from './session-table.ts';
import type { TagTable } from './tag-table.ts';
import type { TrafficLog } from './traffic-log.ts';
import type { UsageLog } from './usage.ts';

export type HaState =
  | 'active'
  | 'passive'
  | 'active-primary'
  | 'active-secondary'
  | 'initial'
  | 'tentative'
  | 'non-functional'
  | 'suspended'
  | 'unknown';

/** One dataplane: its name is the element name in replies, as `s1dp0` or `dp0`. */
export interface Dataplane {
  readonly name: string;
  /** Percent in use before any listed session is counted. */
  base: Load;
}

export interface Job {
  readonly id: number;
  readonly type: string;
  readonly user: string;
  readonly enqueuedAt: number;
  readonly finishesAt: number;
  readonly result: 'OK' | 'FAIL';
  readonly description: string;
  /** Lines that are shown once it has finished. */
  readonly details: readonly string[];
}

export interface Lock {
  readonly admin: string;
  readonly kind: 'commit' | 'config';
  readonly since: number;
  readonly comment: string;
}

/** One firewall: what it is called, what it carries, and what it is busy with. */
export interface Member {
  readonly name: string;
  readonly serial: string;
  readonly managementAddress: string;
  readonly dataplanes: readonly Dataplane[];
  readonly sessions: SessionTable;
  readonly jobs: Job[];
  readonly registeredAddresses: TagTable;
  readonly registeredUsers: TagTable;
  readonly usage: UsageLog;
  readonly queries: QueryJobs;
  readonly traffic: TrafficLog;
  locks: Lock[];
  readonly configuration: Configuration;
  haState: HaState | undefined;
  haSince: number;
  bootedAt: number;
  /** Until then no connection is accepted; absent when it is up. */
  downUntil?: number;
}

/** Whether traffic runs through this member: only then has it sessions and load worth the name. */
export function carriesTraffic(member: Member): boolean {
  return member.haState === undefined || ['active', 'active-primary', 'active-secondary'].includes(member.haState);
}

/** Percent in use on one dataplane, at a moment within the last hour; never above 100. */
export function loadAt(member: Member, dataplane: Dataplane, at: number, freeDelayMs: number): Load {
  const total = member.sessions
    .history()
    .filter(session => session.dataplane === dataplane.name)
    .map(session => costAt(session, at, freeDelayMs))
    .reduce(addLoads, dataplane.base);
  return {
    packetBuffer: Math.min(100, total.packetBuffer),
    packetDescriptor: Math.min(100, total.packetDescriptor),
    onChipDescriptor: Math.min(100, total.onChipDescriptor),
  };
}
