import type { Alert } from '../../src/core/alert.ts';
import { Bus, type Happening } from '../../src/core/bus.ts';
import type { Case } from '../../src/core/case.ts';
import { silentLog } from '../../src/core/log.ts';
import { type FreezeWindow, type Mode, NeverList, type RemedyPolicy } from '../../src/core/policy.ts';
import type { Remedy, Session } from '../../src/devices/contract.ts';
import { remedy } from '../../src/devices/contract.ts';
import type { Arming, Bench } from '../../src/remediate/armed.ts';
import { Remediator } from '../../src/remediate/remediator.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { ManualClock } from './manual-clock.ts';
import { fence, swat, ToyDevice } from './toy-device.ts';

export interface YardOptions {
  readonly mode?: Mode;
  readonly never?: readonly string[];
  readonly freeze?: readonly FreezeWindow[];
  readonly maxActionsPerHour?: number;
  readonly cooldownMs?: number;
  readonly store?: Store;
  readonly clock?: ManualClock;
  readonly toy?: ToyDevice;
}

/** Remediation over a toy device and a real store in memory, on a manual clock. */
export interface Yard {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly toy: ToyDevice;
  readonly remediator: Remediator;
  readonly happenings: readonly Happening[];
  alert(labels?: Readonly<Record<string, string>>, change?: Partial<Alert>): Alert;
  /** Hands alerts in and waits until nothing is being worked on. */
  send(...alerts: readonly Alert[]): Promise<void>;
  /** Lets time pass in steps of a second, ticking, until nothing is being worked on. */
  pass(ms: number): Promise<void>;
  newest(): Promise<Case>;
}

export async function yard(options: YardOptions = {}): Promise<Yard> {
  const clock = options.clock ?? new ManualClock();
  const store = options.store ?? (await openStore('sqlite::memory:'));
  const toy = options.toy ?? new ToyDevice();
  const happenings: Happening[] = [];
  const bus = new Bus(error => {
    throw error;
  });
  bus.watch(happening => happenings.push(happening));
  const arming = arm(toy, options);
  const bench: Bench = { clock, store, bus, log: silentLog, armed: () => arming };
  const remediator = new Remediator(bench);
  const settle = async () => {
    for (let round = 0; round < 3; round += 1) {
      await new Promise(resolve => setImmediate(resolve));
      await remediator.idle();
    }
  };
  return {
    clock,
    store,
    toy,
    remediator,
    happenings,
    alert: (labels = {}, change = {}) => ({
      fingerprint: 'a1b2c3d4e5f60718',
      status: 'firing',
      labels: { alertname: 'TooManyPests', device: 'toy', remedy: 'toy/swat', ...labels },
      annotations: {},
      startsAt: clock.now(),
      ...change,
    }),
    send: async (...alerts) => {
      await remediator.receive(alerts);
      await settle();
    },
    pass: async ms => {
      for (let passed = 0; passed < ms; passed += 1_000) {
        await clock.advance(Math.min(1_000, ms - passed));
        await remediator.tick();
        await settle();
      }
    },
    newest: async () => {
      const [newest] = await store.cases({ limit: 1 });
      if (!newest) throw new Error('there is no case');
      return newest;
    },
  };
}

function arm(toy: ToyDevice, options: YardOptions): Arming {
  const policy = (own: unknown): RemedyPolicy => ({
    mode: options.mode ?? 'auto',
    maxActionsPerHour: options.maxActionsPerHour ?? 20,
    cooldownMs: options.cooldownMs ?? 300_000,
    approvalTimeoutMs: 3_600_000,
    options: own,
  });
  const remedies = new Map<string, Remedy<Session>>([
    [swat.name, remedy(swat)],
    [fence.name, remedy(fence)],
  ]);
  return {
    devices: new Map([['toy', { name: 'toy', session: toy.session(), remedies }]]),
    policies: new Map([
      [swat.name, policy(swat.options.parse({}))],
      [fence.name, policy(fence.options.parse({}))],
    ]),
    guards: { never: new NeverList(options.never ?? []), maxAlertAgeMs: 600_000, freeze: options.freeze ?? [] },
  };
}
