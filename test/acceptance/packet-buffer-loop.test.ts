import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { loops } from '../../src/cli/demo/loops/index.ts';
import { type LoopResult, runLoop } from '../../src/cli/demo/run-loop.ts';
import { setStage, type Stage } from '../../src/cli/demo/stage.ts';
import { Story } from '../../src/cli/demo/story.ts';
import { program } from '../../src/cli/programs/program.ts';
import type { Io } from '../../src/cli/io.ts';
import { panelQueries } from '../support/panel-queries.ts';
import { casesOf, eventually, historyOf } from '../support/service.ts';

const run = promisify(execFile);
const dashboards = resolve(import.meta.dirname, '../../grafana/dashboards');

let stage: Stage;
let result: LoopResult;
let io: Io;

/** The demo's stage is the real thing: simulated devices, the service, real Alertmanager and Prometheus. */
before(async () => {
  io = {
    env: process.env,
    stopping: new AbortController().signal,
    stdout: { write: () => true },
  } as unknown as Io;
  stage = await setStage(io, loops, '127.0.0.1:0');
  await eventually('the first scrape', async () =>
    (await query('sum(unclog_collector_success)')).length > 0 ? true : undefined,
  );
  const [loop] = loops;
  assert.ok(loop);
  result = await runLoop(stage, loop, new Story(io, true, Date.now()), io.stopping);
});

after(() => stage?.stop());

async function query(
  expression: string,
): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> {
  const url = new URL('/api/v1/query', stage.prometheusUrl);
  url.searchParams.set('query', expression);
  const answer = (await (await fetch(url)).json()) as { status: string; error?: string; data?: { result: [] } };
  assert.equal(answer.status, 'success', `${expression}: ${answer.error}`);
  return answer.data?.result ?? [];
}

test('a packet buffer that fills up is seen, alerted, mended and verified within 5 seconds', () => {
  assert.equal(result.closed, true, JSON.stringify(result));
  assert.equal(result.outcome, 'effective');
  assert.ok((result.verdictMs ?? Infinity) < 5_000, `verified after ${result.verdictMs} ms`);
});

test('the case tells what was read before and after, and what was sent', async () => {
  const [subject] = await casesOf(stage.app.url);
  assert.ok(subject);
  const { entries } = await historyOf(stage.app.url, subject.id);
  assert.equal(entries[0]?.event.type, 'received');
  assert.equal(entries.at(-1)?.event.type, 'verified');
  const { verdict } = subject;
  assert.ok(verdict?.before.some(({ value, unit }) => unit === '%' && value >= 80));
  assert.ok(verdict?.after.every(({ value, unit }) => unit !== '%' || value < 80));
});

test('the passive member was read and never changed', () => {
  const calls = stage.fleet.device('fw-edge')?.calls() ?? [];
  const changes = calls.filter(call => call['changes'] === true);
  assert.equal(changes.length, 3);
  assert.equal(new Set(changes.map(call => call['member'])).size, 1);
  assert.ok(
    calls.some(call => call['member'] !== changes[0]?.['member']),
    'the other member was read',
  );
});

test('promtool finds nothing to complain about on /metrics, in either format', async () => {
  const promtool = await program('promtool');
  const text = await (await fetch(`${stage.app.url}/metrics`)).text();
  const checked = run(promtool, ['check', 'metrics']);
  checked.child.stdin?.end(text);
  const { stdout, stderr } = await checked;
  assert.equal(stdout + stderr, '');
  const headers = { accept: 'application/openmetrics-text; version=1.0.0' };
  assert.ok((await (await fetch(`${stage.app.url}/metrics`, { headers })).text()).endsWith('# EOF\n'));
});

test('every other loop of the demo closes as well, and every query of every dashboard gives series', async () => {
  for (const loop of loops.slice(1)) {
    const { closed, outcome } = await runLoop(stage, loop, new Story(io, true, Date.now()), io.stopping);
    assert.equal(closed, true, `${loop.name}: ${outcome}`);
  }
  const files = readdirSync(dashboards).filter(name => name.endsWith('.json'));
  assert.ok(files.length >= 2);
  for (const file of files) {
    const queries = panelQueries(JSON.parse(readFileSync(join(dashboards, file), 'utf8')));
    assert.ok(queries.length > 0, `${file} asks something`);
    for (const { panel, expr, mayBeEmpty } of queries) {
      if (mayBeEmpty) {
        await query(expr);
        continue;
      }
      const answer = await eventually(`${file}: ${panel}: ${expr}`, async () => {
        const series = await query(expr);
        return series.length > 0 ? series : undefined;
      });
      assert.ok(answer.length > 0);
    }
  }
});

test('Prometheus finds every device through service discovery', async () => {
  const targets = (await (await fetch(`${stage.app.url}/sd`)).json()) as readonly { targets: readonly string[] }[];
  assert.equal(targets.flatMap(entry => entry.targets).length, stage.fleet.devices.length);
});
