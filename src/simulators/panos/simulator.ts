import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { Json } from '../../core/json.ts';
import { PanosApi } from './api.ts';
import { CallLog, type CallRecord } from './call-log.ts';
import { commands } from './commands/index.ts';
import { type Fault, FaultQueue, type OrderedFault } from './faults.ts';
import { MemberServer } from './member-server.ts';
import { buildState } from './state/build.ts';
import type { Behaviour } from './state/behaviour.ts';
import type { HaMode } from './state/high-availability.ts';
import type { Job, Member } from './state/member.ts';
import { PA_5250, type Platform } from './state/platform.ts';
import type { Session } from './state/session.ts';
import type { PanosState } from './state/state.ts';
import { type Abuse, abuse } from './troubles/abuse.ts';
import { failover } from './troubles/high-availability.ts';
import { startJob } from './troubles/jobs.ts';
import { reboot } from './troubles/reboot.ts';
import { makeTrouble } from './troubles.ts';
import { Trust } from './trust.ts';

/** All optional: without options one PA-5250 on a free port, with a certificate of a test authority. */
export interface PanosSimulatorOptions {
  /** Also the host name; the members of a pair are called `NAME-1` and `NAME-2`. */
  readonly name?: string;
  readonly highAvailability?: 'none' | HaMode;
  /** One per member; 0 or absent takes a free port. */
  readonly ports?: readonly number[];
  readonly clock?: Clock;
  readonly certificates?: 'authority' | 'self-signed';
  readonly platform?: Platform;
  readonly behaviour?: Partial<Behaviour>;
  readonly username?: string;
  readonly password?: string;
  readonly apiKey?: string;
}

export interface PanosSimulator {
  readonly name: string;
  /** One HTTPS URL per member. */
  readonly addresses: readonly string[];
  /** What a client must trust: the test authority, or the self-signed certificates one after the other. */
  readonly caPem: string;
  /** Of the first member's certificate; `fingerprints` has all. */
  readonly fingerprintSha256: string;
  readonly fingerprints: readonly string[];
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
  /** The live state: tests may read and change it. */
  readonly state: PanosState;
  /** Every call so far, oldest first, without secrets. */
  log(): readonly Readonly<CallRecord>[];
  /** Only the calls of commands that change state, refused and ignored ones too. */
  changes(): readonly Readonly<CallRecord>[];
  clearLog(): void;
  fault(fault: Fault): OrderedFault;
  clearFaults(): void;
  /** Opens sessions that eat the packet buffer, and returns them. */
  abuse(order?: Abuse): readonly Session[];
  /** Returns the member that is active now. */
  failover(): Member;
  /** A commit runs for that many seconds on the first member, or the one named. */
  commit(seconds?: number, member?: string): Job;
  reboot(order?: Parameters<typeof reboot>[1]): void;
  /** Any trouble by name, as `{ kind: 'load', packetBuffer: 85 }`: docs/SIMULATOR.md lists them. */
  trouble(order: unknown): Json;
  /** Makes another API key; the old one is answered with 403 from now on. */
  replaceKey(): string;
  close(): Promise<void>;
}

/** Starts a firewall, or a pair, on 127.0.0.1. */
export async function startPanosSimulator(options: PanosSimulatorOptions = {}): Promise<PanosSimulator> {
  const name = options.name ?? 'fw-edge';
  const state = buildState({
    name,
    clock: options.clock ?? systemClock,
    account: {
      username: options.username ?? 'unclog',
      password: options.password ?? 'test&<password>',
      apiKey: options.apiKey ?? newKey(),
    },
    platform: options.platform ?? PA_5250,
    highAvailability: options.highAvailability ?? 'none',
    behaviour: options.behaviour ?? {},
  });
  const log = new CallLog();
  const faults = new FaultQueue();
  const api = new PanosApi(state, commands);
  const trust = new Trust(options.certificates ?? 'authority');
  const servers = state.members.map(
    member => new MemberServer({ member, state, api, log, faults, certificate: trust.issue(member.name) }),
  );
  const close = async () => {
    await Promise.all(servers.map(server => server.close()));
  };
  const addresses = await listen(servers, options.ports ?? [], close);
  return {
    name,
    addresses,
    caPem: trust.caPem(),
    fingerprintSha256: trust.fingerprints()[0] ?? '',
    fingerprints: trust.fingerprints(),
    username: state.account.username,
    password: state.account.password,
    get apiKey() {
      return state.account.apiKey;
    },
    state,
    log: () => log.all(),
    changes: () => log.changes(),
    clearLog: () => log.clear(),
    fault: fault => faults.order(fault),
    clearFaults: () => faults.clear(),
    abuse: order => abuse(advanced(state), order),
    failover: () => failover(advanced(state)),
    commit: (seconds, member) => startJob(advanced(state), { seconds, member }),
    reboot: order => reboot(advanced(state), order),
    trouble: order => makeTrouble(state, order),
    replaceKey: () => (state.account.apiKey = newKey()),
    close,
  };
}

async function listen(servers: readonly MemberServer[], ports: readonly number[], close: () => Promise<void>) {
  try {
    return await Promise.all(servers.map((server, index) => server.listen(ports[index] ?? 0)));
  } catch (error) {
    await close();
    throw error;
  }
}

function advanced(state: PanosState): PanosState {
  state.advance();
  return state;
}

function newKey(): string {
  return `LUFRPT1${randomBytes(48).toString('base64')}`;
}
