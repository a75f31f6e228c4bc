import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import type { Json } from '../../../../../src/core/json.ts';
import { redfish } from '../../../../../src/devices/bmc/redfish/driver.ts';
import type { Vendor } from '../../../../../src/simulators/bmc/redfish/entries.ts';
import { collected } from '../../../../support/bmc/samples.ts';
import { redfishBench, type RedfishBench } from '../../../../support/bmc/redfish.ts';
import { RemedyRun } from '../../../../support/bmc/remedy-run.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const PLACE = { bus: 0x80, device: 2, function: 2 };

interface ManifestText {
  readonly device: string;
  readonly errors: readonly { readonly error: string; readonly record: string }[];
  readonly files: readonly {
    readonly name: string;
    readonly source: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  readonly missing: readonly { readonly name: string; readonly why: string }[];
}

test('the backlog at first sight is never acted on', async t => {
  const { run } = await setUp(t);
  assert.equal(await run.objection(), 'backlog');
});

test('a log without any PCI error needs nothing', async t => {
  const { run, bench } = await setUp(t);
  bench.simulator.board.sel.clear(1_600_000_000);
  assert.equal(await run.objection(), 'not-needed');
});

test('a new error leads to a folder with everything, sums and sources', async t => {
  const { run, bench, directory } = await setUp(t);
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  const plan = await run.plan();
  assert.equal(plan.summary, 'collect evidence of 1 PCI error of probe7-bmc');
  assert.match(plan.actions[0]?.evidence[0] ?? '', /^PCI serr at 80:02\.2, .* by the BMC's clock, first read /);
  const verdict = await run.verify(plan, await run.apply(plan));
  assert.equal(verdict.proven, true);
  assert.equal(verdict.effect, 'effective');
  const folder = onlyFolder(directory);
  const manifest = read(folder);
  assert.deepEqual(
    manifest.files.map(file => file.name),
    ['event-log.json', 'service-root.json', 'system.json', 'manager-1.json', 'chassis-1.json', 'power-1.json'],
  );
  assert.deepEqual(
    manifest.missing.map(({ name }) => name),
    ['thermal-1.json'],
  );
  for (const file of manifest.files) {
    const bytes = readFileSync(join(folder, file.name));
    assert.equal(bytes.length, file.bytes);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256);
    assert.equal(statSync(join(folder, file.name)).mode & 0o777, 0o600);
  }
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(manifest.device, 'probe7-bmc');
  assert.equal(manifest.errors.length, 1);
  const log = JSON.parse(readFileSync(join(folder, 'event-log.json'), 'utf8')) as { Members: unknown[] };
  assert.equal(log.Members.length, 18);
});

test('the same error is not collected for twice, and the next one is', async t => {
  const { run, bench, directory } = await setUp(t);
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  await run.apply(await run.plan());
  assert.equal(await run.objection(), 'not-needed');
  bench.simulator.board.failPci('fatal', PLACE);
  await run.apply(await run.plan());
  assert.equal(readdirSync(join(directory, 'probe7-bmc')).length, 2);
});

test('a plan keeps its hash while nothing happens, and is refused when another error came', async t => {
  const { run, bench } = await setUp(t);
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  const plan = await run.plan();
  assert.deepEqual((await run.plan()).actions, plan.actions);
  bench.simulator.board.failPci('serr', { ...PLACE, device: 3 });
  await assert.rejects(run.apply(plan), { reason: 'plan-changed' });
});

test('nothing is written in a rehearsal', async t => {
  const { run, bench, directory } = await setUp(t);
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  const plan = await run.plan();
  bench.simulator.server.faults.order({
    kind: 'status',
    status: 500,
    call: 'GET /redfish/v1/Systems/1/LogServices/Log1/Entries',
    times: 'always',
  });
  await assert.rejects(run.apply(plan));
  assert.equal(existsSync(join(directory, 'probe7-bmc')), false);
});

test('an event log that does not fit is a refusal, and leaves nothing behind', async t => {
  const { run, bench, directory } = await setUp(t, 'supermicro', { max_size: '1KB' });
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  await assert.rejects(
    run.plan().then(plan => run.apply(plan)),
    { reason: 'too-large' },
  );
  assert.deepEqual(readdirSync(join(directory, 'probe7-bmc')), []);
});

test('diagnostic data is asked for where the BMC offers it, and the plan says so', async t => {
  const { run, bench, directory } = await setUp(t, 'openbmc');
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  const plan = await run.plan();
  assert.equal(
    plan.actions[0]?.calls[0],
    'POST /redfish/v1/Managers/bmc/LogServices/Dump/Actions/LogService.CollectDiagnosticData {"DiagnosticDataType":"Manager"}',
  );
  await run.apply(plan);
  const folder = onlyFolder(directory);
  assert.equal(readFileSync(join(folder, 'diagnostics.bin'), 'utf8'), 'diagnostic data of bmc\n');
});

test('the log is never cleared and nothing is reset', async t => {
  const { run, bench } = await setUp(t);
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  await run.apply(await run.plan());
  assert.deepEqual(bench.simulator.site.forbidden, []);
  assert.deepEqual(
    bench.simulator.server.calls.filter(call => call.changes),
    [],
  );
  assert.equal(bench.simulator.board.sel.records.length, 18);
});

test('after a crash while writing, the draft is no evidence and is written anew', async t => {
  const { run, bench, directory } = await setUp(t);
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  const plan = await run.plan();
  const path = pathOf(plan.actions[0]?.data);
  mkdirSync(`${path}.partial`, { recursive: true });
  writeFileSync(join(`${path}.partial`, 'event-log.json'), 'half');
  assert.equal((await run.recall(plan)).found, 'not-done');
  await run.apply(plan);
  assert.deepEqual(readdirSync(dirname(path)).length, 1);
  assert.equal(read(onlyFolder(directory)).errors.length, 1);
});

test('after a crash between the folder and the memory of it, the folder is found', async t => {
  const { run, bench } = await setUp(t);
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  const plan = await run.plan();
  await run.apply(plan);
  await bench.memory.put('evidence', { path: '', sha256: '', errors: [] });
  assert.equal((await run.recall(plan)).found, 'done');
  assert.equal(await run.objection(), 'not-needed');
});

test('a file that was changed after writing is found out', async t => {
  const { run, bench, directory } = await setUp(t);
  await firstSight(bench);
  bench.simulator.board.failPci('serr', PLACE);
  const plan = await run.plan();
  const receipt = await run.apply(plan);
  appendFileSync(join(onlyFolder(directory), 'system.json'), ' ');
  const verdict = await run.verify(plan, receipt);
  assert.equal(verdict.proven, false);
  assert.match(verdict.detail, /system\.json is not as it was written/);
});

interface SetUp {
  readonly run: RemedyRun;
  readonly bench: RedfishBench;
  readonly directory: string;
}

async function setUp(
  t: test.TestContext,
  vendor: Vendor = 'supermicro',
  options: Readonly<Record<string, Json>> = {},
): Promise<SetUp> {
  const bench = await redfishBench(t, { vendor });
  const directory = temporaryFolder(t);
  const run = new RemedyRun(redfish.remedies, 'bmc/collect-evidence', bench.session, { directory, ...options });
  return { run, bench, directory };
}

async function firstSight(bench: RedfishBench): Promise<void> {
  await collected(redfish, bench.session, 'event-log');
}

function onlyFolder(directory: string): string {
  const folders = readdirSync(join(directory, 'probe7-bmc'));
  assert.equal(folders.length, 1, folders.join(', '));
  return join(directory, 'probe7-bmc', folders[0] ?? '');
}

function read(folder: string): ManifestText {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as ManifestText;
}

function pathOf(data: unknown): string {
  assert(typeof data === 'object' && data !== null && 'path' in data && typeof data.path === 'string');
  return data.path;
}
