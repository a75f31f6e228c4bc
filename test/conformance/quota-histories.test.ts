import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { playHistory, type Setting, type Step, TARGETS } from '../support/quota-history.ts';

const RUNS = Number(process.env['UNCLOG_HISTORIES'] ?? 1_000);
const SEED = Number(process.env['UNCLOG_SEED'] ?? 20261121);

const setting: fc.Arbitrary<Setting> = fc.record({
  pair: fc.boolean(),
  tagSync: fc.boolean(),
  passiveUserId: fc.constantFrom('accepted', 'refused'),
  rebootCountdown: fc.constantFrom('continues', 'restarts'),
  registerAgain: fc.constantFrom('exists', 'exists-restarts', 'restarts'),
});

const crash = fc.record({
  atCall: fc.integer({ min: 1, max: 25 }),
  when: fc.constantFrom('before' as const, 'after' as const),
  downSeconds: fc.constantFrom(0, 5, 15, 30, 900),
});
const targets = fc.array(fc.nat(TARGETS.length - 1), { minLength: 1, maxLength: 4 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('alerts' as const), targets }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('alerts' as const), targets, crash }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 25 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), downSeconds: fc.constantFrom(0, 5, 15, 30, 900) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failover' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reboot' as const),
      member: fc.nat(1),
      seconds: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: -30_000, max: 30_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('mishaps' as const),
      mishap: fc.constantFrom('never-arrived' as const, 'answer-lost' as const, 'denied' as const, 'trouble' as const),
      calls: fc.integer({ min: 1, max: 4 }),
      changesOnly: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), nth: fc.nat(3) }) },
);

test(`${RUNS} random histories of blocks keep every promise (seed ${SEED})`, async () => {
  let blocks = 0;
  await fc.assert(
    fc.asyncProperty(setting, fc.array(step, { minLength: 1, maxLength: 12 }), async (where, steps) => {
      const tally = await playHistory(where, steps);
      assert.equal(tally.released, tally.blocks, 'every block is released');
      blocks += tally.blocks;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  assert.ok(blocks > RUNS / 2, `only ${blocks} blocks in ${RUNS} histories`);
});
