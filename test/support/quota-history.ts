import assert from 'node:assert/strict';
import { Bus } from '../../src/core/bus.ts';
import type { Case } from '../../src/core/case.ts';
import { silentLog } from '../../src/core/log.ts';
import { NeverList } from '../../src/core/policy.ts';
import type { Target } from '../../src/core/target.ts';
import { remedy } from '../../src/devices/contract.ts';
import { quotaSettings } from '../../src/devices/panos/quota/settings.ts';
import { tagDataOf } from '../../src/devices/panos/remedies/block-quota/action.ts';
import { blockQuota } from '../../src/devices/panos/remedies/block-quota/index.ts';
import type { Arming, Bench } from '../../src/remediate/armed.ts';
import { receiptsOf } from '../../src/remediate/judge.ts';
import { Remediator } from '../../src/remediate/remediator.ts';
import { buildState } from '../../src/simulators/panos/state/build.ts';
import { PA_5250 } from '../../src/simulators/panos/state/platform.ts';
import type { PanosState } from '../../src/simulators/panos/state/state.ts';
import { makeTrouble } from '../../src/simulators/panos/troubles.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { HurriedClock } from './hurried-clock.ts';
import { type Mishap, wirelessSession } from './wireless-panos.ts';

export const HOLD_S = 20;
const WATCH_EVERY_S = 15;
const TICK_S = 1;
/** What one device call may take on top, with the looks between. */
const CALL_S = 2;
const NEVER = '10.1.20.13';
const FOREIGN = '10.1.20.88';
const OURS = 'quota';

export const TARGETS: readonly Target[] = [
  { kind: 'address', value: '10.1.20.11' },
  { kind: 'address', value: '10.1.20.12' },
  { kind: 'user', value: 'corp\\bob' },
  { kind: 'user', value: 'corp\\carol' },
  { kind: 'group', value: 'corp\\interns' },
  { kind: 'address', value: NEVER },
  { kind: 'address', value: FOREIGN },
];

/** One thing that happens. */
export type Step =
  | { readonly kind: 'alerts'; readonly targets: readonly number[]; readonly crash?: Crash }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'crash'; readonly downSeconds: number }
  | { readonly kind: 'failover' }
  | { readonly kind: 'reboot'; readonly member: number; readonly seconds: number }
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'mishaps'; readonly mishap: Mishap; readonly calls: number; readonly changesOnly: boolean }
  | { readonly kind: 'release'; readonly nth: number };

/** The process dies at its n-th call from now, before the device gets it or after, and comes back later. */
export interface Crash {
  readonly atCall: number;
  readonly when: 'before' | 'after';
  readonly downSeconds: number;
}

export interface Setting {
  readonly pair: boolean;
  readonly tagSync: boolean;
  readonly passiveUserId: 'accepted' | 'refused';
  readonly rebootCountdown: 'continues' | 'restarts';
  readonly registerAgain: 'exists' | 'exists-restarts' | 'restarts';
}

/** What a whole history came to; the invariants themselves are asserted on the way. */
export interface Tally {
  readonly blocks: number;
  readonly released: number;
}

/** Plays a history against the simulator and holds it to the invariants after every second. */
export async function playHistory(setting: Setting, steps: readonly Step[]): Promise<Tally> {
  const history = await History.begin(setting);
  try {
    for (const step of steps) await history.do(step);
    return await history.end();
  } finally {
    await history.close();
  }
}

class History {
  readonly clock = new HurriedClock();
  readonly #state: PanosState;
  readonly #store: Store;
  readonly #foreign: string;
  #process = { alive: true };
  #remediator: Remediator;
  #mishaps: { mishap: Mishap; left: number; changesOnly: boolean } | undefined;
  #crash: Crash | undefined;
  #callsToCrash = 0;
  #crashed: Promise<void> | undefined;
  #seconds = 0;
  #backwardMs = 0;
  /** When each block was first seen to hold, on the device's clock. */
  readonly #heldSince = new Map<string, number>();
  /** When a block on this address or user was last first seen, whatever became of it. */
  readonly #lastHeld = new Map<string, number>();
  /** On the device's clock: until then a release may be late, since calls went wrong and are tried again. */
  #excusedUntil = 0;
  #doubles = 0;
  /** What a device that begins its countdowns anew at each reboot adds to what it was told. */
  #begunAnewMs = 0;

  static async begin(setting: Setting): Promise<History> {
    return new History(setting, await openStore('sqlite::memory:'));
  }

  private constructor(setting: Setting, store: Store) {
    const { pair, ...behaviour } = setting;
    this.#store = store;
    this.#state = buildState({
      name: 'fw-edge',
      clock: this.clock,
      account: { username: 'unclog', password: 'x', apiKey: 'key' },
      platform: PA_5250,
      highAvailability: pair ? 'active-passive' : 'none',
      behaviour: { ...behaviour, queryJobMs: 0 },
    });
    this.trouble({ kind: 'tag', address: FOREIGN, tag: OURS });
    this.#foreign = this.#foreignTags();
    this.#remediator = this.#newProcess();
    this.#everybodyUses();
  }

  async do(step: Step): Promise<void> {
    switch (step.kind) {
      case 'alerts':
        return this.#alerts(step.targets, step.crash);
      case 'pass':
        return this.#pass(step.seconds);
      case 'crash':
        return this.#dieAndComeBack(step.downSeconds);
      case 'failover':
        this.#excuse(0);
        if (this.#state.members.length > 1 && this.#state.members.every(member => member.downUntil === undefined)) {
          this.trouble({ kind: 'failover' });
        }
        return;
      case 'reboot': {
        const member = this.#state.members[step.member % this.#state.members.length];
        this.#excuse(step.seconds);
        if (this.#state.behaviour.rebootCountdown === 'restarts') this.#begunAnewMs += HOLD_S * 1_000;
        this.trouble({ kind: 'reboot', member: member?.name, seconds: step.seconds, initialSeconds: 1 });
        return;
      }
      case 'clock':
        if (step.ms < 0) this.#backwardMs -= step.ms;
        this.clock.step(step.ms);
        // What is late by the new time is late since now: the next tick sees it.
        await this.clock.advance(TICK_S * 1_000);
        await this.#remediator.tick();
        return this.#settle();
      case 'mishaps':
        this.#mishaps = { mishap: step.mishap, left: step.calls, changesOnly: step.changesOnly };
        return;
      case 'release': {
        const held = await this.#remediator.blocks();
        const chosen = held[step.nth % Math.max(1, held.length)];
        if (chosen?.state === 'holding') await this.#remediator.release(chosen.id, 'ada');
        return this.#settle();
      }
    }
  }

  /** Nothing goes wrong any more: everything must come to rest, and nothing of ours may stay. */
  async end(): Promise<Tally> {
    this.#mishaps = undefined;
    await this.#pass(5);
    const members = this.#state.members.filter(member => member.downUntil !== undefined);
    if (members.length > 0) await this.#pass(30);
    this.#heal();
    await this.#pass(2 * WATCH_EVERY_S + 2);
    await this.#noneIsLost();
    await this.#pass(120 + Math.ceil(this.#backwardMs / 1_000));
    const cases = await this.#store.cases({ limit: 10_000 });
    const open = cases.filter(({ endedAt }) => endedAt === undefined);
    assert.deepEqual(open.map(words), [], 'every case comes to rest');
    for (const member of this.#state.members) assert.deepEqual(this.#tagged(member.name), [], `on ${member.name}`);
    assert.equal(this.#doubles, 0, 'nothing is registered twice');
    assert.equal((await this.#store.verifyChain()).intact, true);
    const blocks = cases.filter(({ heldFrom }) => heldFrom !== undefined);
    return { blocks: blocks.length, released: blocks.filter(({ state }) => state === 'released').length };
  }

  async close(): Promise<void> {
    this.#process.alive = false;
    await this.#store.close();
  }

  trouble(order: Record<string, unknown>): void {
    makeTrouble(this.#state, order);
  }

  async #alerts(targets: readonly number[], crash: Crash | undefined): Promise<void> {
    this.#crash = crash;
    this.#callsToCrash = crash?.atCall ?? 0;
    const alerts = targets.map(index => alertFor(TARGETS[index % TARGETS.length] as Target, this.clock.now()));
    await Promise.race([this.#remediator.receive(alerts), ...(this.#crashed ? [this.#crashed] : [])]);
    await this.#settle();
    this.#crash = undefined;
    if (!this.#process.alive) await this.#comeBack(crash?.downSeconds ?? 0);
    await this.#check();
  }

  async #dieAndComeBack(downSeconds: number): Promise<void> {
    this.#process.alive = false;
    await this.#comeBack(downSeconds);
  }

  async #comeBack(downSeconds: number): Promise<void> {
    for (let passed = 0; passed < downSeconds; passed += 5) {
      await this.clock.advance(5_000);
      await this.#check();
    }
    this.#everybodyUses();
    this.#remediator = this.#newProcess();
    await this.#remediator.start();
    await this.#settle();
  }

  async #pass(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += TICK_S) {
      await this.clock.advance(TICK_S * 1_000);
      this.#seconds += TICK_S;
      await this.#remediator.tick();
      if (this.#seconds % WATCH_EVERY_S === 0) this.#remediator.watch();
      await this.#settle();
      await this.#check();
    }
  }

  /** Until nothing is being worked on, or the process is dead. */
  async #settle(): Promise<void> {
    for (let round = 0; round < 2 && this.#process.alive; round += 1) {
      await new Promise(resolve => setImmediate(resolve));
      await Promise.race([this.#remediator.idle(), this.#death()]);
    }
  }

  #death(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const process = this.#process;
    const look = () => (process.alive ? void setImmediate(look) : resolve());
    if (this.#crash) look();
    return promise;
  }

  #newProcess(): Remediator {
    const process = { alive: true };
    this.#process = process;
    const session = wirelessSession({
      state: this.#state,
      clock: this.clock,
      quota: quotaSettings.parse({ address_limit: '20MB', user_limit: '20MB', group_limit: '20MB' }),
      gate: (_member, _command, change) => this.#gate(change),
      changed: (_member, _command, body) => {
        if (body.includes('already exists')) this.#doubles += 1;
      },
    });
    const remedies = new Map([[blockQuota.name, remedy(blockQuota)]]);
    const arming: Arming = {
      devices: new Map([['fw-edge', { name: 'fw-edge', session: mortal(session, process), remedies }]]),
      policies: new Map([
        [
          blockQuota.name,
          {
            mode: 'auto',
            maxActionsPerHour: 100_000,
            cooldownMs: 0,
            approvalTimeoutMs: 3_600_000,
            options: blockQuota.options.parse({ hold: `${HOLD_S}s`, verify_within: '1s' }),
          },
        ],
      ]),
      guards: { never: new NeverList([NEVER]), maxAlertAgeMs: 3_600_000, freeze: [] },
    };
    const bus = new Bus(error => {
      throw error;
    });
    const bench: Bench = {
      clock: this.clock,
      store: mortal(this.#store, process),
      bus,
      log: silentLog,
      armed: () => arming,
    };
    return new Remediator(bench);
  }

  #gate(change: boolean): Mishap | undefined {
    if (this.#crash) {
      this.#callsToCrash -= 1;
      if (this.#callsToCrash === 0) {
        this.#process.alive = false;
        if (this.#crash.when === 'before') return 'never-arrived';
      }
    }
    const mishaps = this.#mishaps;
    if (!mishaps || mishaps.left <= 0 || (mishaps.changesOnly && !change)) return undefined;
    mishaps.left -= 1;
    this.#excuse(0);
    return mishaps.mishap;
  }

  /** The longest wait between two tries of a release, and a tick. */
  #excuse(seconds: number): void {
    this.#excusedUntil = Math.max(this.#excusedUntil, this.#state.now() + (seconds + 31) * 1_000);
  }

  /** After each second: what may never be. */
  async #check(): Promise<void> {
    const now = this.#state.now();
    assert.equal(this.#foreignTags(), this.#foreign, 'tags of others are as they were');
    const cases = await this.#store.cases({ open: true, limit: 1_000 });
    for (const { id, state } of cases) {
      if (state === 'holding' && !this.#heldSince.has(id)) this.#heldSince.set(id, now);
    }
    for (const held of cases.filter(({ id }) => this.#heldSince.get(id) === now)) {
      for (const { subjects } of tagDataOf(receiptsOf(held))) for (const one of subjects) this.#lastHeld.set(one, now);
    }
    for (const { name, registeredAddresses, registeredUsers } of this.#state.members) {
      for (const table of [registeredAddresses, registeredUsers]) {
        for (const { subject, tags } of table.list('vsys1', now)) {
          const tag = tags.get(OURS);
          if (!tag || subject === FOREIGN) continue;
          assert.notEqual(subject, NEVER, `${NEVER} is on the never-list`);
          assert.ok(
            tag.timeoutMs > 0 && tag.timeoutMs <= HOLD_S * 1_000,
            `${subject} ends by itself: ${tag.timeoutMs}`,
          );
          const covering = cases.filter(other => holdsSubject(other, subject));
          // Of two blocks that held it the longer one may have been taken back: the device keeps the longer time.
          const since = Math.max(
            ...covering.map(({ id }) => this.#heldSince.get(id) ?? now),
            this.#lastHeld.get(subject) ?? 0,
          );
          const latest = since + (HOLD_S + TICK_S + CALL_S) * 1_000 + this.#backwardMs + this.#begunAnewMs;
          if (covering.length > 0) {
            assert.ok(tag.since + tag.timeoutMs <= latest, `${subject} on ${name} ends with its block`);
          }
          if (!this.#process.alive || now < this.#excusedUntil || this.#isPassive(name)) continue;
          assert.ok(covering.length > 0, `${subject} on ${name} has a case`);
          const due = Math.max(...covering.map(endOf)) + (TICK_S + CALL_S) * 1_000;
          assert.ok(this.clock.now() <= due, `${subject} on ${name} outlives its end`);
        }
      }
    }
  }

  /** A member that could not be told ends its tags by itself: their own time is asserted everywhere. */
  #isPassive(member: string): boolean {
    const { haState } = this.#state.member(member);
    return haState !== undefined && haState !== 'active';
  }

  /** With nothing in the way, every block that has time left stands on the member that carries the traffic. */
  async #noneIsLost(): Promise<void> {
    // By a clock that was set back a block has time left that the device has not given it.
    if (this.#backwardMs > 0) return;
    const holding = await this.#store.cases({ states: ['holding'], limit: 1_000 });
    const acting = this.#state.members.find(({ haState }) => haState === undefined || haState === 'active');
    const tagged = new Set(this.#tagged(acting?.name ?? ''));
    for (const subject of holding) {
      if ((subject.dueAt ?? 0) - this.clock.now() < 2_000) continue;
      const wanted = tagDataOf(receiptsOf(subject)).flatMap(data => data.subjects);
      assert.deepEqual(
        wanted.filter(entry => !tagged.has(entry)),
        [],
        `${words(subject)} stands`,
      );
    }
  }

  #heal(): void {
    const [first] = this.#state.members;
    if (!first || this.#state.members.length < 2) return;
    if (this.#state.members.some(({ haState }) => haState === 'active')) return;
    this.trouble({ kind: 'high-availability', member: first.name, state: 'active' });
  }

  #tagged(name: string): readonly string[] {
    const { registeredAddresses, registeredUsers } = this.#state.member(name);
    const list = [registeredAddresses, registeredUsers].flatMap(table => table.list('vsys1', this.#state.now()));
    return list.flatMap(({ subject, tags }) => (tags.has(OURS) && subject !== FOREIGN ? [subject] : []));
  }

  #foreignTags(): string {
    const found = this.#state.members.map(({ registeredAddresses, registeredUsers }) =>
      [registeredAddresses, registeredUsers]
        .flatMap(table => table.list('vsys1', this.#state.now()))
        .flatMap(({ subject, tags }) =>
          [...tags.keys()].filter(tag => tag !== OURS || subject === FOREIGN).map(tag => `${subject} ${tag}`),
        )
        .sort(),
    );
    return JSON.stringify(found);
  }

  /** Everybody is over the limit in the bucket that is read now, on every member. */
  #everybodyUses(): void {
    for (const { name: member } of this.#state.members) {
      for (const [address, user] of [
        ['10.1.20.11', 'corp\\alice'],
        ['10.1.20.12', 'corp\\bob'],
        [NEVER, 'corp\\carol'],
        ['10.1.30.5', 'corp\\dave'],
        [FOREIGN, ''],
      ]) {
        this.trouble({ kind: 'usage', member, address, user, bytes: 25_000_000 });
      }
    }
  }
}

/** All that a dead process does is never to come back. */
function mortal<T extends object>(thing: T, process: { readonly alive: boolean }): T {
  return new Proxy(thing, {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value === 'object' && value !== null && key !== 'clock' && key !== 'quota') {
        return Array.isArray(value) ? value.map(item => mortal(item as object, process)) : mortal(value, process);
      }
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (!process.alive) return new Promise<never>(() => {});
        const result: unknown = Reflect.apply(value, target, args);
        if (!(result instanceof Promise)) return key === 'at' ? mortal(result as object, process) : result;
        return result.then(
          answer => (process.alive ? (answer as unknown) : new Promise<never>(() => {})),
          (error: unknown) => {
            if (process.alive) throw error;
            return new Promise<never>(() => {});
          },
        );
      };
    },
  });
}

function alertFor(target: Target, now: number) {
  const label = target.kind === 'device' ? {} : { [target.kind]: target.value };
  const labels = { alertname: 'Quota', device: 'fw-edge', remedy: 'panos/block-quota', ...label };
  return { fingerprint: 'a1b2c3d4e5f60718', status: 'firing', labels, annotations: {}, startsAt: now } as const;
}

function holdsSubject({ progress }: Case, subject: string): boolean {
  return tagDataOf(progress.map(({ action }) => action)).some(data => data.subjects.includes(subject));
}

/** Wall time. A case that is not held yet has its whole time before it. */
function endOf({ dueAt, updatedAt }: Case): number {
  return dueAt ?? updatedAt + HOLD_S * 1_000 + 60_000;
}

function words({ id, state, target, detail }: Case): string {
  return `${id.slice(0, 8)} ${JSON.stringify(target)} ${state}: ${detail ?? ''}`;
}
