import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Io } from '../../src/cli/io.ts';
import { type DemoLoop, endedWell } from '../../src/cli/demo/loop.ts';
import { pciError } from '../../src/cli/demo/loops/pci-error.ts';
import { type LoopResult, runLoop } from '../../src/cli/demo/run-loop.ts';
import { setStage, type Stage } from '../../src/cli/demo/stage.ts';
import { Story } from '../../src/cli/demo/story.ts';
import type { Case } from '../../src/core/case.ts';
import { systemClock } from '../../src/core/clock.ts';
import { root } from '../support/repository.ts';
import { casesOf, eventually } from '../support/service.ts';

const BMC = 'probe8-bmc';
const HOST = 'probe8';

/** The same trouble on a board with Redfish, whose host can be reset. */
const onRedfish: DemoLoop = { ...pciError, name: 'PCI error over Redfish', device: BMC };
const reset: DemoLoop = {
  ...onRedfish,
  name: 'reset',
  remedy: 'bmc/reset',
  policy: () => ({ mode: 'approve', action: 'power-cycle', settle: '10s', cooldown: '1s' }),
  closes: endedWell,
};

/** What Prometheus scrapes of the host itself: it answers, or does not. */
const host = createServer((_, response) => {
  response.writeHead(hostAnswers ? 200 : 503).end();
});
let hostAnswers = true;
let stage: Stage;
let backlogCases: readonly Case[];
let result: LoopResult;

before(async () => {
  const io = {
    env: process.env,
    stopping: new AbortController().signal,
    stdout: { write: () => true },
  } as unknown as Io;
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  const { port } = host.address() as AddressInfo;
  stage = await setStage(io, [onRedfish, reset], '127.0.0.1:0', {
    rules: [join(root, 'prometheus/examples/bmc-host-stuck.yml')],
    hosts: { [HOST]: `127.0.0.1:${port}` },
  });
  await eventually(
    'the log at first sight in Prometheus',
    async () => (await value('sum(bmc_sel_entries)')) === '17' || undefined,
  );
  backlogCases = await casesOf(stage.app.url);
  result = await runLoop(stage, onRedfish, new Story(io, true, Date.now()), io.stopping);
});

after(async () => {
  await stage?.stop();
  host.close();
  host.closeAllConnections();
});

test('the four errors that the log holds at first sight raise no alert', async () => {
  assert.deepEqual(backlogCases, []);
  assert.equal(await value(`sum(bmc_sel_pci_errors_total{device="${BMC}"})`), '5');
});

test('a new SERR is seen, alerted, and its evidence is kept and proven', () => {
  assert.equal(result.closed, true, JSON.stringify(result));
  assert.equal(result.outcome, 'effective');
});

test('the evidence folder is complete, and every sum of its manifest is right', async () => {
  const [kept] = (await casesOf(stage.app.url)).filter(({ remedy }) => remedy === 'bmc/collect-evidence');
  const folder = (kept?.plan?.actions[0]?.calls.at(-1) ?? '').replace(/^write /, '');
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    errors: readonly { error: string; bus: string; deviceFunction: string }[];
    files: readonly { name: string; sha256: string }[];
  };
  assert.deepEqual(
    manifest.errors.map(({ error, bus, deviceFunction }) => `${error} ${bus}:${deviceFunction}`),
    ['serr 80:02.2'],
  );
  assert.deepEqual(readdirSync(folder).sort(), [...manifest.files.map(({ name }) => name), 'manifest.json'].sort());
  for (const { name, sha256 } of manifest.files) {
    assert.equal(
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
      sha256,
      name,
    );
  }
  const log = JSON.parse(readFileSync(join(folder, 'event-log.json'), 'utf8')) as { Members: readonly unknown[] };
  assert.equal(log.Members.length, 18);
});

test('a host that stops answering is reset: the case waits for its approval, acts once, and not again for the same error', async () => {
  assert.deepEqual(await resets(), []);
  hostAnswers = false;
  const waiting = await eventually('the waiting case', async () =>
    (await resets()).find(({ state }) => state === 'awaiting-approval'),
  );
  assert.deepEqual(changes(), []);
  assert.deepEqual(waiting.plan?.actions[0]?.calls, [
    'POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset {"ResetType":"PowerCycle"}',
  ]);
  const approved = await fetch(`${stage.app.url}/api/v1/cases/${waiting.id}/approve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ planHash: waiting.planHash }),
  });
  assert.equal(approved.status, 200);
  const done = await ended(waiting.id);
  assert.equal(done.state, 'verified', JSON.stringify(done));
  assert.equal(done.verdict?.effect, 'effective');
  assert.equal(changes().length, 1);
  hostAnswers = true;
  await eventually(
    'the end of the alert',
    async () => (await value('ALERTS{alertname="BmcHostStuck"}')) === undefined || undefined,
  );
  await systemClock.sleep(2_000); // Alertmanager has to hear of it too.
  hostAnswers = false;
  const second = await eventually('the second case', async () => (await resets()).find(({ id }) => id !== waiting.id));
  assert.equal((await ended(second.id)).state, 'not-needed');
  assert.equal(changes().length, 1);
});

async function resets(): Promise<readonly Case[]> {
  return (await casesOf(stage.app.url)).filter(({ remedy }) => remedy === 'bmc/reset');
}

function ended(id: string): Promise<Case> {
  return eventually('the case to end', async () =>
    (await resets()).find(subject => subject.id === id && subject.endedAt),
  );
}

function changes() {
  return (stage.fleet.device(BMC)?.calls() ?? []).filter(call => call['changes'] === true);
}

async function value(expression: string): Promise<string | undefined> {
  const url = new URL('/api/v1/query', stage.prometheusUrl);
  url.searchParams.set('query', expression);
  const answer = (await (await fetch(url)).json()) as { data?: { result: readonly { value: [number, string] }[] } };
  return answer.data?.result[0]?.value[1];
}
