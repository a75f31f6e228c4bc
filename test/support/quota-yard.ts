import type { Alert } from '../../src/core/alert.ts';
import { Bus, type Happening } from '../../src/core/bus.ts';
import type { Case } from '../../src/core/case.ts';
import { silentLog } from '../../src/core/log.ts';
import { type Mode, NeverList } from '../../src/core/policy.ts';
import type { Target } from '../../src/core/target.ts';
import { quotaSettings } from '../../src/devices/panos/quota/settings.ts';
import { blockQuota } from '../../src/devices/panos/remedies/block-quota/index.ts';
import type { PanosSession } from '../../src/devices/panos/session.ts';
import { remedy, type Remedy, type Session } from '../../src/devices/contract.ts';
import type { Arming, Bench } from '../../src/remediate/armed.ts';
import { Remediator } from '../../src/remediate/remediator.ts';
import {
  type PanosSimulator,
  type PanosSimulatorOptions,
  startPanosSimulator,
} from '../../src/simulators/panos/simulator.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { HurriedClock } from './hurried-clock.ts';
import { openWith, secretSource } from './panos-driver.ts';

export interface QuotaYardOptions extends Omit<PanosSimulatorOptions, 'clock'> {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly quota?: Readonly<Record<string, unknown>>;
  readonly never?: readonly string[];
  readonly mode?: Mode;
  readonly cooldownMs?: number;
}

/** Remediation with the quota remedy over a simulated firewall on the wire; time passes only when the test says so. */
export interface QuotaYard extends AsyncDisposable {
  readonly clock: HurriedClock;
  readonly simulator: PanosSimulator;
  readonly store: Store;
  readonly session: PanosSession;
  readonly happenings: Happening[];
  remediator: Remediator;
  never: NeverList;
  /** Bytes of an address in the bucket that the remedy reads. */
  use(address: string, user: string, bytes?: number): void;
  alert(target: Target, change?: Partial<Alert>): Alert;
  /** Hands alerts in and waits until nothing is being worked on. */
  send(...targets: readonly Target[]): Promise<Case>;
  pass(ms: number): Promise<void>;
  settle(): Promise<void>;
  newest(): Promise<Case>;
  /** A new process over the same ledger. */
  restart(): Promise<void>;
  /** Addresses (or users) that carry the tag on a member, as the simulator has it. */
  tagged(member?: number, kind?: 'address' | 'user', tag?: string): readonly string[];
}

export async function quotaYard(options: QuotaYardOptions = {}): Promise<QuotaYard> {
  const clock = new HurriedClock();
  const simulator = await startPanosSimulator({ queryJobMs: 0, ...options, clock } as PanosSimulatorOptions);
  const session = openWith(
    {
      name: 'fw-edge',
      driver: 'panos',
      addresses: [...simulator.addresses],
      credentials: { kind: 'key', key: secretSource('fw.key', simulator.apiKey) },
      tls: { kind: 'ca', file: secretSource('ca.pem', simulator.caPem) },
      quota: quotaSettings.parse({
        address_limit: '20MB',
        user_limit: '20MB',
        group_limit: '20MB',
        groups: ['corp\\interns'],
        ...options.quota,
      }),
    },
    clock,
  );
  const store = await openStore('sqlite::memory:');
  const happenings: Happening[] = [];
  const bus = new Bus(error => {
    throw error;
  });
  bus.watch(happening => happenings.push(happening));
  const remedies = new Map<string, Remedy<Session>>([[blockQuota.name, remedy(blockQuota)]]);
  const policy = {
    mode: options.mode ?? 'auto',
    maxActionsPerHour: 10_000,
    cooldownMs: options.cooldownMs ?? 0,
    approvalTimeoutMs: 3_600_000,
    options: blockQuota.options.parse(options.options ?? {}),
  } as const;
  const yard: QuotaYard = {
    clock,
    simulator,
    store,
    session,
    happenings,
    never: new NeverList(options.never ?? []),
    remediator: undefined as unknown as Remediator,
    use: (address, user, bytes = 25_000_000) => {
      simulator.trouble({ kind: 'usage', address, user, bytes });
    },
    alert: (target, change = {}) => ({
      fingerprint: 'a1b2c3d4e5f60718',
      status: 'firing',
      labels: {
        alertname: 'PanosQuotaExceeded',
        device: 'fw-edge',
        remedy: 'panos/block-quota',
        ...(target.kind !== 'device' && { [target.kind]: target.value }),
      },
      annotations: {},
      startsAt: clock.now(),
      ...change,
    }),
    send: async (...targets) => {
      await yard.remediator.receive(targets.map(target => yard.alert(target)));
      await yard.settle();
      return yard.newest();
    },
    pass: async ms => {
      for (let passed = 0; passed < ms; passed += 1_000) {
        await clock.advance(Math.min(1_000, ms - passed));
        await yard.remediator.tick();
        await yard.settle();
      }
    },
    settle: async () => {
      for (let round = 0; round < 3; round += 1) {
        await new Promise(resolve => setImmediate(resolve));
        await yard.remediator.idle();
      }
    },
    newest: async () => {
      const [newest] = await store.cases({ limit: 1 });
      if (!newest) throw new Error('there is no case');
      return newest;
    },
    restart: async () => {
      await yard.remediator.stop();
      yard.remediator = new Remediator(bench);
      await yard.remediator.start();
      await yard.settle();
    },
    tagged: (member = 0, kind = 'address', tag = 'quota') => {
      const { registeredAddresses, registeredUsers } = simulator.state.members[member] ?? never();
      const table = kind === 'address' ? registeredAddresses : registeredUsers;
      return table
        .list('vsys1', simulator.state.now())
        .flatMap(({ subject, tags }) => (tags.has(tag) ? [subject] : []))
        .sort();
    },
    [Symbol.asyncDispose]: async () => {
      await yard.remediator.stop();
      await Promise.all([session.close(), simulator.close()]);
      await store.close();
    },
  };
  const arming = (): Arming => ({
    devices: new Map([['fw-edge', { name: 'fw-edge', session, remedies }]]),
    policies: new Map([[blockQuota.name, policy]]),
    guards: { never: yard.never, maxAlertAgeMs: 600_000, freeze: [] },
  });
  const bench: Bench = { clock, store, bus, log: silentLog, armed: arming };
  yard.remediator = new Remediator(bench);
  return yard;
}

function never(): never {
  throw new RangeError('no such member');
}
