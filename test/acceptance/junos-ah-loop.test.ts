import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ahPeers } from '../../src/cli/demo/loops/ah-peers.ts';
import { type LoopResult, runLoop } from '../../src/cli/demo/run-loop.ts';
import { setStage, type Stage } from '../../src/cli/demo/stage.ts';
import { Story } from '../../src/cli/demo/story.ts';
import type { Io } from '../../src/cli/io.ts';
import { casesOf, eventually, historyOf } from '../support/service.ts';

let stage: Stage;
let result: LoopResult;

/** Simulated SRX cluster, the service, real Alertmanager and Prometheus, joined as the demo joins them. */
before(async () => {
  const io = {
    env: process.env,
    stopping: new AbortController().signal,
    stdout: { write: () => true },
  } as unknown as Io;
  stage = await setStage(io, [ahPeers], '127.0.0.1:0');
  await eventually('the first scrape', async () => ((await query('junos_ah_sessions')).length > 0 ? true : undefined));
  result = await runLoop(stage, ahPeers, new Story(io, true, Date.now()), io.stopping);
});

after(() => stage?.stop());

async function query(
  expression: string,
): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> {
  const url = new URL('/api/v1/query', stage.prometheusUrl);
  url.searchParams.set('query', expression);
  const answer = (await (await fetch(url)).json()) as { data?: { result: [] } };
  return answer.data?.result ?? [];
}

test('dead AH sessions are seen, alerted, cleared and verified', () => {
  assert.deepEqual([result.closed, result.outcome], [true, 'effective'], JSON.stringify(result));
});

test('the case tells sessions and tunnels before and after, and every command that was sent', async () => {
  const [subject] = await casesOf(stage.app.url);
  assert.ok(subject?.verdict);
  const value = (name: string, when: 'before' | 'after') =>
    subject.verdict?.[when].find(measurement => measurement.name === name)?.value;
  assert.deepEqual(
    [value('AH sessions of 10.0.0.1', 'before'), value('AH sessions of 10.0.0.1', 'after')],
    [12_006, 6],
  );
  assert.deepEqual([value('tunnels up with 10.0.0.1', 'before'), value('tunnels up with 10.0.0.1', 'after')], [3, 3]);
  const { entries } = await historyOf(stage.app.url, subject.id);
  const changes =
    stage.fleet
      .device('srx-vpn')
      ?.calls()
      .filter(call => call['changes'] === true) ?? [];
  assert.equal(entries.filter(({ event }) => event.type === 'called').length, changes.length);
  assert.deepEqual(
    changes.map(({ command }) => command),
    subject.progress.map(({ action }) => action.calls[0]),
  );
});

test('scrapes, lists and clears shared one connection', async () => {
  const device = stage.fleet.device('srx-vpn')?.describe();
  assert.deepEqual(device?.['connections'], { opened: 1, open: 1 });
});

test('Prometheus shows the fall', async () => {
  await eventually('the fall of the sessions', async () => {
    const [now] = await query('junos_ah_sessions');
    return Number(now?.value[1]) === 360 ? true : undefined;
  });
  const [most] = await query('max_over_time(junos_ah_sessions[1m])');
  assert.equal(Number(most?.value[1]), 12_360);
});
