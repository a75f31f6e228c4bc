import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal, UnclogError } from '../../../../src/core/errors.ts';
import { discardSessions } from '../../../../src/devices/panos/remedies/discard-sessions/index.ts';
import type { HaMode } from '../../../../src/simulators/panos/state/high-availability.ts';
import { carriesTraffic, type Member } from '../../../../src/simulators/panos/state/member.ts';
import type { PanosState } from '../../../../src/simulators/panos/state/state.ts';
import { makeTrouble } from '../../../../src/simulators/panos/troubles.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { directPair } from '../../../support/panos-direct.ts';

const HISTORIES = 200;
const signal = new AbortController().signal;
const options = discardSessions.options.parse({ discard_undecided: true });

const member = fc.constantFrom('fw-1', 'fw-2');
const state = fc.constantFrom(
  'active',
  'passive',
  'active-primary',
  'active-secondary',
  'initial',
  'tentative',
  'non-functional',
  'suspended',
  'unknown',
);

/** What can happen to a pair, and time that passes. */
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('failover'), leaves: fc.constantFrom('passive', 'suspended') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('high-availability'), member, state }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('high-availability'),
      configSync: fc.constantFrom('synchronized', 'synchronized', 'not synchronized', 'synchronization in progress'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('high-availability'),
      links: fc.record({ ha1: fc.boolean(), 'ha1-backup': fc.boolean() }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('job'), member, seconds: fc.integer({ min: 1, max: 120 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('reboot'), member, seconds: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('time'), seconds: fc.integer({ min: 1, max: 150 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'heal' }) },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

const history = fc.record({
  mode: fc.constantFrom<HaMode>('active-passive', 'active-active'),
  events: fc.array(event, { minLength: 2, maxLength: 8 }),
  /** Whether something happens between a plan and its first change. */
  between: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});

test(`in ${HISTORIES} histories of a pair no session is discarded on a member that is not in charge`, async () => {
  const seen = { changes: 0, refusals: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(history, async ({ mode, events, between }) => {
      const clock = new ManualClock();
      const pair = directPair(clock, mode, (changed, words) => {
        seen.changes += 1;
        assert.deepEqual(objections(pair.state, changed), [], `${words} on ${changed.name}`);
      });
      for (const [index, happened] of events.entries()) {
        await live(clock, pair.state, happened);
        await remedy(pair, between[index] ? () => live(clock, pair.state, events[index + 1] ?? happened) : undefined);
      }
    }),
    { numRuns: HISTORIES, seed: 20_260_105 },
  );
  assert.ok(seen.changes > HISTORIES, `${seen.changes} changes were made`);
  const expected = ['ha-failover-recent', 'ha-not-synchronized', 'ha-split-brain', 'ha-no-active', 'commit-running'];
  for (const reason of [...expected, 'ha-changed', 'ha-state-unknown']) {
    assert.ok(seen.refusals.has(reason), `${reason} among ${[...seen.refusals].join(', ')}`);
  }

  /** As the service does it: a plan, and each action of it; whatever is refused or fails is left at that. */
  async function remedy(pair: ReturnType<typeof directPair>, meanwhile?: () => Promise<void>): Promise<void> {
    abuse(pair.state);
    try {
      const request = { target: { kind: 'device' }, labels: {}, options } as const;
      const plan = await discardSessions.plan(pair.session, request, signal);
      if (plan instanceof Refusal) throw plan;
      if (plan.kind !== 'once') return;
      await meanwhile?.();
      for (const action of plan.actions) await discardSessions.apply(pair.session, action, signal);
    } catch (error) {
      if (!(error instanceof UnclogError) || error.code === 'bug') throw error;
      if (error instanceof Refusal) seen.refusals.add(error.reason);
    }
  }
});

/** What stands against changing this member now, told from the state of the pair and not by the driver's code. */
function objections(pair: PanosState, changed: Member): readonly string[] {
  const now = pair.now();
  const [one, other] = pair.members;
  return [
    ...(carriesTraffic(changed) ? [] : [`it is ${changed.haState}`]),
    ...(now - changed.haSince < 60_000 ? ['it took over less than a minute ago'] : []),
    ...(one?.haState === other?.haState ? ['both claim the same part'] : []),
    ...(pair.ha?.configSync === 'synchronized' ? [] : ['the configuration is not synchronized']),
    ...(changed.jobs.some(job => job.finishesAt > now) ? ['a job runs on it'] : []),
  ];
}

function abuse(pair: PanosState): void {
  for (const { name, haState, sessions } of pair.members) {
    if (!['active', 'active-primary', 'active-secondary'].includes(haState ?? '')) continue;
    if (sessions.present(pair.now()).length > 100) continue;
    makeTrouble(pair, { kind: 'abuse', member: name, raiseTo: 92 });
  }
}

async function live(clock: ManualClock, pair: PanosState, happened: Event): Promise<void> {
  if (happened.kind === 'time') return clock.advance((happened as { seconds: number }).seconds * 1_000);
  if (happened.kind === 'heal') return heal(clock, pair);
  // Not every order makes sense at every time: nobody takes over from nobody.
  if (
    ['failover', 'reboot'].includes(happened.kind) &&
    !pair.members.some(({ haState }) => /^active(-primary)?$/.test(haState ?? ''))
  ) {
    return;
  }
  makeTrouble(pair, happened);
}

/** Somebody repairs the pair, and it stays well for a while. */
async function heal(clock: ManualClock, pair: PanosState): Promise<void> {
  const states = pair.ha?.mode === 'active-active' ? ['active-primary', 'active-secondary'] : ['active', 'passive'];
  const links = { ha1: true, 'ha1-backup': true };
  for (const [index, { name }] of pair.members.entries()) {
    makeTrouble(pair, { kind: 'high-availability', member: name, state: states[index], links });
  }
  makeTrouble(pair, { kind: 'high-availability', configSync: 'synchronized' });
  await clock.advance(90_000);
}
