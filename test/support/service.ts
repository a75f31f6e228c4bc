import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parse, stringify } from 'yaml';
import { type App, startApp } from '../../src/app/app.ts';
import type { Case } from '../../src/core/case.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { SimulatedDevice } from '../../src/simulators/device.ts';
import { type Fleet, startFleet, writeClientFiles } from '../../src/simulators/fleet.ts';
import type { LedgerEntry } from '../../src/store/contract.ts';

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.js');

export interface GroundOptions {
  /** Names of simulated devices; the firewall pair `fw-edge` when absent. */
  readonly devices?: readonly string[];
  /** Devices that the test has started itself, instead. The ground closes them. */
  readonly simulated?: readonly SimulatedDevice[];
  readonly remedies?: Record<string, unknown>;
  readonly guards?: Record<string, unknown>;
  readonly server?: Record<string, unknown>;
}

/** Simulated devices, and a folder with a configuration that fits them. */
export interface Ground {
  readonly fleet: Fleet;
  readonly folder: string;
  readonly configFile: string;
  /** Writes the configuration again with other remedies, guards or server keys. */
  configure(options: GroundOptions): Promise<void>;
  clear(): Promise<void>;
}

export async function prepareGround(options: GroundOptions = {}): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'unclog-test-'));
  const fleet = options.simulated ? fleetOf(options.simulated) : await startFleet(options.devices ?? ['fw-edge']);
  const configFile = await writeClientFiles(fleet, folder);
  const { devices } = parse(await readFile(configFile, 'utf8')) as { devices: unknown };
  const configure = async ({ remedies, guards, server }: GroundOptions) => {
    const config = {
      store: `sqlite:${join(folder, 'unclog.db')}`,
      devices,
      ...(server && { server }),
      ...(remedies && { remedies }),
      ...(guards && { guards }),
    };
    await writeFile(configFile, stringify(config), { mode: 0o600 });
  };
  await configure(options);
  return {
    fleet,
    folder,
    configFile,
    configure,
    clear: async () => {
      await fleet.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function fleetOf(devices: readonly SimulatedDevice[]): Fleet {
  return {
    devices,
    device: name => devices.find(device => device.name === name),
    close: async () => {
      await Promise.all(devices.map(device => device.close()));
    },
  };
}

/** The whole service inside the test's process. */
export function serveHere(ground: Ground, listenAddress = '127.0.0.1:0'): Promise<App> {
  const { configFile } = ground;
  return startApp({ configFile, listenAddress, env: process.env, clock: systemClock, log: silentLog });
}

/** The whole service as a process of its own, as users run it: one that can be killed. */
export interface ServiceProcess {
  readonly url: string;
  readonly child: ChildProcess;
  stderr(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export async function serveThere(ground: Ground, flags: readonly string[] = []): Promise<ServiceProcess> {
  const args = [MAIN, 'serve', '--config.file', ground.configFile, '--web.listen-address', '127.0.0.1:0', ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const url = await listeningUrl(child.stdout, child, () => stderr);
  return {
    url,
    child,
    stderr: () => stderr,
    kill: async signal => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

async function listeningUrl(stdout: Readable, child: ChildProcess, stderr: () => string): Promise<string> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the service ended before it listened:\n${stderr()}`);
  });
  const listens = (async () => {
    for await (const line of createInterface({ input: stdout })) {
      const match = /^unclog listens on (\S+)$/.exec(line);
      if (match?.[1] !== undefined) return match[1];
    }
    return ended;
  })();
  return Promise.race([listens, ended]);
}

/** Runs the command line as a user does, to its end. */
export async function runCli(
  args: readonly string[],
  cwd?: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd && { cwd }) });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** An alert as Alertmanager would send it. */
export function alertOf(labels: Record<string, string>, change: Record<string, unknown> = {}) {
  return {
    status: 'firing',
    labels: { alertname: 'PanosPacketBufferHigh', device: 'fw-edge', remedy: 'panos/discard-sessions', ...labels },
    annotations: {},
    startsAt: new Date().toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus/graph',
    fingerprint: 'a1b2c3d4e5f60718',
    ...change,
  };
}

/** A webhook body, version 4. */
export function notificationOf(...alerts: readonly object[]) {
  return {
    version: '4',
    groupKey: '{}:{alertname="PanosPacketBufferHigh"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'unclog',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager',
    alerts,
  };
}

export async function postWebhook(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export async function casesOf(url: string): Promise<readonly Case[]> {
  const answer = (await (await fetch(`${url}/api/v1/cases`)).json()) as { cases: readonly Case[] };
  return answer.cases;
}

export async function historyOf(url: string, id: string): Promise<{ case: Case; entries: readonly LedgerEntry[] }> {
  return (await (await fetch(`${url}/api/v1/cases/${id}`)).json()) as { case: Case; entries: readonly LedgerEntry[] };
}

/** Asks until the answer is not undefined. Real processes are at work, so this waits on wall time. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await systemClock.sleep(20);
  }
}
