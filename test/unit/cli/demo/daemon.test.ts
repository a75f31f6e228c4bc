import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startAlertmanager } from '../../../../src/cli/demo/alertmanager.ts';
import { startDaemon } from '../../../../src/cli/demo/daemon.ts';
import { startPrometheus } from '../../../../src/cli/demo/prometheus.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'unclog-daemon-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test('a real Prometheus starts, answers a query, reloads, and stops', async () => {
  const configFile = file('prometheus.yml', 'global: { scrape_interval: 1s }\n');
  const prometheus = await startPrometheus({ configFile, dataFolder: folder });
  try {
    const answer = await fetch(`${prometheus.url}/api/v1/query?query=1`);
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
    await prometheus.reload();
    file('prometheus.yml', 'globals: {}\n');
    await assert.rejects(prometheus.reload(), /answered 500: [^]*globals/);
  } finally {
    await prometheus.stop();
  }
  assert.equal(prometheus.process.exitCode, 0);
  await prometheus.stop();
});

test('a real Alertmanager starts and stops', async () => {
  const configFile = file('alertmanager.yml', 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
  const alertmanager = await startAlertmanager({ configFile, dataFolder: folder });
  const answer = await fetch(`${alertmanager.url}/api/v2/alerts`);
  assert.deepEqual(await answer.json(), []);
  await alertmanager.stop();
});

test('a daemon that refuses its configuration is told with its own words', async () => {
  const configFile = file('bad.yml', 'scrape_configs: nonsense\n');
  await assert.rejects(
    startPrometheus({ configFile, dataFolder: folder }),
    /Prometheus did not become ready:[^]*cannot unmarshal/,
  );
});

test('a daemon that cannot be started is told with its name', async () => {
  const recipe = { name: 'Nothing', binary: join(folder, 'not-here'), args: () => [] };
  await assert.rejects(startDaemon(recipe), /Nothing did not become ready:[^]*ENOENT/);
});

test('a fixed port that is taken is an error, not another port', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  assert.ok(address !== null && typeof address === 'object');
  const configFile = file('am.yml', 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
  await assert.rejects(
    startAlertmanager({ configFile, dataFolder: folder, port: address.port }),
    /Alertmanager did not become ready:[^]*address already in use/,
  );
  holder.close();
});
