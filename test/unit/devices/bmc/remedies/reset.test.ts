import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { DeviceRefused, DeviceUnreachable, Refusal } from '../../../../../src/core/errors.ts';
import type { Json } from '../../../../../src/core/json.ts';
import { redfish } from '../../../../../src/devices/bmc/redfish/driver.ts';
import { pciErrorBytes, type EventBytes } from '../../../../../src/simulators/bmc/event-bytes.ts';
import type { RedfishSimulatorOptions } from '../../../../../src/simulators/bmc/redfish/simulator.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { collected } from '../../../../support/bmc/samples.ts';
import { redfishBench, type RedfishBench } from '../../../../support/bmc/redfish.ts';
import { RemedyRun } from '../../../../support/bmc/remedy-run.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const PLACE = { bus: 0x80, device: 2, function: 2 };
const RESET = 'POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset';

test('the reset is off unless the configuration says otherwise', () => {
  assert.equal(redfish.remedies.find(remedy => remedy.name === 'bmc/reset')?.defaultMode, 'off');
});

test('the backlog at first sight is never acted on', async t => {
  const { reset } = await setUp(t);
  assert.equal(await reset().objection(), 'backlog');
});

test('without evidence nothing is reset', async t => {
  const { reset, fail } = await setUp(t);
  await fail();
  assert.equal(await reset().objection(), 'no-evidence');
});

test('evidence that was removed or changed is no evidence', async t => {
  const { reset, fail, collect, directory } = await setUp(t);
  await fail();
  await collect();
  const folder = join(directory, 'probe7-bmc', readdirSync(join(directory, 'probe7-bmc'))[0] ?? '');
  writeFileSync(join(folder, 'system.json'), '{}');
  assert.equal(await reset().objection(), 'no-evidence');
  rmSync(folder, { recursive: true });
  assert.equal(await reset().objection(), 'no-evidence');
});

test('an NMI is sent once, as planned, and the host has power after it', async t => {
  const { reset, fail, collect, bench, passing } = await setUp(t);
  await fail();
  await collect();
  const run = reset();
  const plan = await run.plan();
  assert.deepEqual(plan.actions[0]?.calls, [`${RESET} {"ResetType":"Nmi"}`]);
  assert.match(plan.actions[0]?.evidence[0] ?? '', /^PCI serr at 80:02\.2, first read /);
  assert.match(plan.actions[0]?.evidence[1] ?? '', /^evidence is kept in /);
  const verdict = await passing(run.verify(plan, await run.apply(plan)));
  assert.equal(verdict.effect, 'effective');
  assert.match(verdict.detail, /^the BMC accepted nmi \(status 204\) and the host has power$/);
  assert.deepEqual(
    bench.simulator.board.resets.map(({ kind }) => kind),
    ['nmi'],
  );
  await assert.rejects(run.apply(plan), { reason: 'already-reset' });
  assert.equal(await run.objection(), 'not-needed');
  assert.equal(bench.simulator.board.resets.length, 1);
});

test('another error after a reset may be answered by another one, with evidence of its own', async t => {
  const { reset, fail, collect, bench } = await setUp(t);
  await fail();
  await collect();
  await reset().apply(await reset().plan());
  await fail();
  assert.equal(await reset().objection(), 'no-evidence');
  await collect();
  await reset().apply(await reset().plan());
  assert.equal(bench.simulator.board.resets.length, 2);
});

test('a power cycle is verified by the power coming back', async t => {
  const { reset, fail, collect, passing, bench } = await setUp(t);
  await fail();
  await collect();
  const run = reset({ action: 'power-cycle' });
  const plan = await run.plan();
  const receipt = await run.apply(plan);
  assert.equal(bench.simulator.board.powerOn, false);
  const verdict = await passing(run.verify(plan, receipt));
  assert.equal(verdict.effect, 'effective');
});

test('a host that stays without power is harm, and said so', async t => {
  const { reset, fail, collect, passing } = await setUp(t, { restartMs: 600_000 });
  await fail();
  await collect();
  const run = reset({ action: 'power-cycle', settle: '4s' });
  const plan = await run.plan();
  const receipt = await run.apply(plan);
  const verdict = await passing(run.verify(plan, receipt));
  assert.equal(verdict.effect, 'harmful');
  assert.match(verdict.detail, /switch it on by hand/);
});

test('a host without power needs no reset', async t => {
  const { reset, fail, collect, bench } = await setUp(t);
  await fail();
  await collect();
  bench.simulator.board.reset('power-cycle');
  assert.equal(await reset().objection(), 'not-needed');
});

test('a reset that the BMC does not offer is refused by name', async t => {
  const { reset, fail, collect } = await setUp(t, { resets: ['On', 'ForceOff', 'ForceRestart', 'PushPowerButton'] });
  await fail();
  await collect();
  const found = await reset({ action: 'nmi' }).propose();
  assert(found instanceof Refusal);
  assert.equal(found.message, 'probe7-bmc does not offer nmi; it offers force-restart');
});

test('an error that was read too long ago is no reason any more', async t => {
  const { reset, fail, collect, clock } = await setUp(t);
  await fail();
  await collect();
  await clock.advance(25 * 3_600_000);
  assert.equal(await reset().objection(), 'stale-event');
});

test('an error that the BMC took back is no reason, and one at another place still is', async t => {
  const { reset, fail, collect, bench } = await setUp(t);
  await fail();
  await collect();
  const [first, second, third, type, sensor, , data, ...place] = pciErrorBytes('serr', PLACE);
  const deassert = (...where: readonly number[]) =>
    bench.simulator.board.log([first, second, third, type, sensor, 0xef, data, ...where] as unknown as EventBytes);
  deassert(0x17, 0x00);
  assert.equal((await reset().plan()).actions.length, 1);
  deassert(...place);
  assert.equal(await reset().objection(), 'not-needed');
});

test('an error that the host survives is no reason', async t => {
  const { reset, fail, collect } = await setUp(t);
  await fail('correctable');
  await collect();
  assert.equal(await reset().objection(), 'not-severe');
});

test('a log with gaps is no ground to reset a host on', async t => {
  const { reset, fail, collect, bench } = await setUp(t);
  await fail();
  await collect();
  const entries = '/redfish/v1/Systems/1/LogServices/Log1/Entries';
  const body = JSON.stringify({ Members: [{ Id: '1', Created: '2020-01-01T00:00:00Z' }], 'Members@odata.count': 18 });
  bench.simulator.server.faults.order({ kind: 'status', status: 200, body, call: `GET ${entries}` });
  assert.equal(await reset().objection(), 'log-incomplete');
});

test('a lost answer is never followed by a second call', async t => {
  const { reset, fail, collect, bench } = await setUp(t);
  await fail();
  await collect();
  const run = reset();
  const plan = await run.plan();
  bench.simulator.server.faults.order({ kind: 'reset', call: RESET });
  await assert.rejects(run.apply(plan), (error: unknown) => error instanceof DeviceUnreachable && error.maybeDone);
  assert.equal((await run.recall(plan)).found, 'unclear');
  assert.equal(await run.objection(), 'not-needed');
  assert.equal(bench.simulator.board.resets.length, 1);
});

test('a call that the BMC refused was not done, and may be planned again', async t => {
  const { reset, fail, collect, bench } = await setUp(t);
  await fail();
  await collect();
  const run = reset();
  const plan = await run.plan();
  bench.simulator.server.faults.order({ kind: 'status', status: 400, call: RESET });
  await assert.rejects(run.apply(plan), DeviceRefused);
  assert.equal((await run.recall(plan)).found, 'not-done');
  await run.apply(await run.plan());
  assert.equal(bench.simulator.board.resets.length, 1);
});

test('a call that the BMC was too busy to take was not done, and may be planned again', async t => {
  const { reset, fail, collect, bench } = await setUp(t);
  await fail();
  await collect();
  const run = reset();
  const plan = await run.plan();
  bench.simulator.server.faults.order({ kind: 'status', status: 503, call: RESET });
  await assert.rejects(run.apply(plan), (error: unknown) => error instanceof DeviceUnreachable && !error.maybeDone);
  assert.equal((await run.recall(plan)).found, 'not-done');
  await run.apply(await run.plan());
  assert.equal(bench.simulator.board.resets.length, 1);
});

test('after a crash before the call, it was not done; after the answer, it was', async t => {
  const { reset, fail, collect } = await setUp(t);
  await fail();
  await collect();
  const run = reset();
  const plan = await run.plan();
  assert.equal((await run.recall(plan)).found, 'not-done');
  await run.apply(plan);
  assert.equal((await run.recall(plan)).found, 'done');
});

interface SetUp {
  readonly bench: RedfishBench;
  readonly clock: ManualClock;
  readonly directory: string;
  readonly reset: (options?: Readonly<Record<string, Json>>) => RemedyRun;
  /** A new error, after the log was seen for the first time. */
  readonly fail: (error?: 'serr' | 'correctable') => Promise<void>;
  readonly collect: () => Promise<void>;
  /** Lets time pass until the promise is settled, in steps of a second. */
  readonly passing: <T>(promise: Promise<T>) => Promise<T>;
}

async function setUp(t: test.TestContext, options: RedfishSimulatorOptions = {}): Promise<SetUp> {
  const clock = new ManualClock();
  const bench = await redfishBench(t, { clock, ...options }, { clock });
  const directory = temporaryFolder(t);
  const { session } = bench;
  const look = () => collected(redfish, session, 'event-log');
  return {
    bench,
    clock,
    directory,
    reset: (chosen = {}) => new RemedyRun(redfish.remedies, 'bmc/reset', session, chosen),
    fail: async (error = 'serr') => {
      await look();
      await clock.advance(1_000);
      bench.simulator.board.failPci(error, PLACE);
      await look();
    },
    collect: async () => {
      const run = new RemedyRun(redfish.remedies, 'bmc/collect-evidence', session, { directory });
      await run.apply(await run.plan());
    },
    passing: async promise => {
      let settled = false;
      const mark = () => (settled = true);
      promise.then(mark, mark);
      while (!settled) {
        await clock.advance(1_000);
        await new Promise(resolve => setTimeout(resolve, 2));
      }
      return promise;
    },
  };
}
