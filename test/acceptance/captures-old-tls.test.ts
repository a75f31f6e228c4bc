import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { startAlertmanager } from '../../src/cli/demo/alertmanager.ts';
import { writeAlertmanagerConfig } from '../../src/cli/demo/configuration.ts';
import type { Daemon } from '../../src/cli/demo/daemon.ts';
import { startPrometheus } from '../../src/cli/demo/prometheus.ts';
import { startCaptureFolder } from '../../src/simulators/captures/fleet.ts';
import { age, CaptureRing, RING_SERVER } from '../support/capture-ring.ts';
import { panelQueries } from '../support/panel-queries.ts';
import { read, root } from '../support/repository.ts';
import {
  casesOf,
  eventually,
  type Ground,
  prepareGround,
  type ServiceProcess,
  serveThere,
} from '../support/service.ts';

const ALERT = { alertname: 'CapturesOldTlsSpoken', device: 'tap-dmz', severity: 'warning', version: 'TLSv1.0' };
const TLS10 = 0x0301;
const TLS13 = 0x0304;
const stop: (() => unknown)[] = [];

let ground: Ground;
let ring: CaptureRing;
let service: ServiceProcess;
let alertmanager: Daemon;
let prometheus: Daemon;

/** A folder that a capturing program fills without a pause, the service as a process, real Alertmanager and Prometheus. */
before(async () => {
  const tap = await startCaptureFolder('tap-dmz');
  const entry = () => ({ ...tap.entry(''), settled_after: '10s' });
  ground = await prepareGround({ simulated: [{ ...tap, entry }] });
  stop.push(() => ground.clear());
  ring = new CaptureRing(fileURLToPath(tap.addresses[0] ?? ''), 2);
  for (let n = 0; n < 4; n += 1) ring.record(TLS13);
  age(ring.rotate().path);
  ring.record(TLS13);
  const capturing = setInterval(() => ring.record(TLS13), 500);
  stop.push(() => clearInterval(capturing));
  service = await serveThere(ground);
  stop.push(() => service.kill('SIGKILL'));
  const configFile = await writeAlertmanagerConfig(ground.folder, service.url);
  alertmanager = await startAlertmanager({ configFile, dataFolder: ground.folder });
  stop.push(() => alertmanager.stop());
  prometheus = await startPrometheus({ configFile: await writePrometheusConfig(), dataFolder: ground.folder });
  stop.push(() => prometheus.stop());
});

after(async () => {
  for (const step of stop.reverse()) await step();
});

/** The rules as they are shipped; only Prometheus is hurried. */
async function writePrometheusConfig(): Promise<string> {
  const file = join(ground.folder, 'prometheus.yml');
  const config = {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '250ms' },
    rule_files: [join(root, 'prometheus/rules/captures.yml')],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager.url).host] }] }] },
    scrape_configs: [{ job_name: 'unclog', static_configs: [{ targets: [new URL(service.url).host] }] }],
  };
  await writeFile(file, stringify(config));
  return file;
}

/** The service dies and comes back at the same address. Resolves when Prometheus has what its first look found. */
async function killAndServeAgain(): Promise<void> {
  await service.kill('SIGKILL');
  const began = Date.now() / 1_000;
  service = await serveThere(ground, ['--web.listen-address', new URL(service.url).host]);
  await eventually('a look at the folder after the start', async () => {
    const [look] = await query(`unclog_collector_last_success_timestamp_seconds{device="tap-dmz"} > ${began}`);
    return look ? true : undefined;
  });
}

interface Series {
  readonly metric: Record<string, string>;
  readonly value: [number, string];
}

async function query(expression: string): Promise<readonly Series[]> {
  const url = new URL('/api/v1/query', prometheus.url);
  url.searchParams.set('query', expression);
  const answer = (await (await fetch(url)).json()) as { status: string; data?: { result: readonly Series[] } };
  assert.equal(answer.status, 'success', expression);
  return answer.data?.result ?? [];
}

async function connections(): Promise<Record<string, number>> {
  const series = await query('captures_tls_connections_total{device="tap-dmz"}');
  const met = series.filter(({ value }) => value[1] !== '0');
  return Object.fromEntries(met.map(({ metric, value }) => [metric['version'] ?? '', Number(value[1])]));
}

async function filesRead(): Promise<Record<string, number>> {
  const series = await query('captures_files_total{device="tap-dmz"}');
  return Object.fromEntries(series.map(({ metric, value }) => [metric['outcome'] ?? '', Number(value[1])]));
}

interface Rule {
  readonly state: string;
  readonly health: string;
  readonly lastEvaluation: string;
  readonly alerts: readonly {
    readonly state: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
    readonly value: string;
  }[];
}

async function rule(): Promise<Rule> {
  const url = new URL('/api/v1/rules?rule_name[]=CapturesOldTlsSpoken', prometheus.url);
  const { data } = (await (await fetch(url)).json()) as { data: { groups: readonly { rules: readonly Rule[] }[] } };
  const [found] = data.groups.flatMap(group => group.rules);
  assert.ok(found, 'the shipped rule is loaded');
  return found;
}

test('while only TLS 1.2 and 1.3 are spoken, the shipped rule is evaluated and stays quiet', async () => {
  await eventually('the first counts', async () =>
    (await query('captures_files_total')).length > 0 ? true : undefined,
  );
  const counted = Date.now();
  const quiet = await eventually('an evaluation with these counts', async () => {
    const found = await rule();
    return Date.parse(found.lastEvaluation) > counted ? found : undefined;
  });
  assert.deepEqual([quiet.state, quiet.health, quiet.alerts], ['inactive', 'ok', []]);
  // The capture that is being written has connections as well: they wait until it is settled.
  assert.deepEqual(await connections(), { 'TLSv1.2': 20, 'TLSv1.3': 4 });
  assert.deepEqual(await filesRead(), { read: 2, damaged: 0 });
});

let oldCapture: string;

test('a rotated capture with TLS 1.0 in it is settled, counted and scraped, and the alert fires', async () => {
  ring.record(TLS10);
  ring.record(TLS10);
  const { path, connections: recorded } = ring.rotate();
  oldCapture = path;
  const [alert] = await eventually(
    'the alert',
    async () => {
      const { state, alerts } = await rule();
      return state === 'firing' ? alerts : undefined;
    },
    60_000,
  );
  assert.deepEqual([alert?.state, alert?.labels, Number(alert?.value)], ['firing', ALERT, 2]);
  assert.equal(alert?.annotations['summary'], 'TLSv1.0 was spoken on tap-dmz');
  assert.deepEqual(await connections(), { 'TLSv1.0': 2, 'TLSv1.2': 20, 'TLSv1.3': 4 + recorded - 2 });
  assert.deepEqual(await filesRead(), { read: 3, damaged: 0 });
  const servers = await query('captures_tls_server_connections_total{version="TLSv1.0"}');
  assert.deepEqual(
    servers.map(({ metric, value }) => [metric['server'], value[1]]),
    [[RING_SERVER, '2']],
  );
});

test('Alertmanager sends the alert to people, and unclog opens no case', async () => {
  const [alert] = await eventually('the alert in Alertmanager', async () => {
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts`);
    const alerts = (await answer.json()) as readonly { labels: object; receivers: readonly { name: string }[] }[];
    return alerts.length > 0 ? alerts : undefined;
  });
  assert.deepEqual(alert?.labels, ALERT);
  assert.deepEqual(
    alert?.receivers.map(({ name }) => name),
    ['people'],
  );
  assert.deepEqual(await casesOf(service.url), []);
});

test('every panel of the dashboard gives series', async () => {
  const queries = panelQueries(JSON.parse(read('grafana/dashboards/captures.json')));
  const asked = queries.filter(({ panel }) => panel !== 'Remedies');
  assert.equal(asked.length, queries.length - 1);
  for (const { panel, expr } of asked) {
    await eventually(`${panel}: ${expr}`, async () => ((await query(expr)).length > 0 ? true : undefined));
  }
});

test('killed and started again, the service counts no capture a second time', async () => {
  const before = [await connections(), await filesRead()];
  await killAndServeAgain();
  assert.deepEqual([await connections(), await filesRead()], before);
});

test('captures that the ring has deleted stay counted, and new ones are added', async () => {
  const before = await connections();
  rmSync(oldCapture);
  const { path, connections: recorded } = ring.rotate();
  age(path);
  await killAndServeAgain();
  assert.deepEqual(await connections(), { ...before, 'TLSv1.3': (before['TLSv1.3'] ?? 0) + recorded });
  assert.deepEqual(await filesRead(), { read: 4, damaged: 0 });
  for (const { metric, value } of await query('resets({__name__=~"captures_.+_total"}[5m])')) {
    assert.equal(value[1], '0', `${JSON.stringify(metric)} fell`);
  }
  // It ended while there was nothing to scrape.
  await eventually('the alert, again', async () => ((await rule()).state === 'firing' ? true : undefined));
});
