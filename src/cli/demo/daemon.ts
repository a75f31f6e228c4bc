import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemClock } from '../../core/clock.ts';
import { Bug, messageOf, Refusal } from '../../core/errors.ts';

const readyMs = 30_000;
const stopMs = 5_000;
const portTries = 5;
const keptLines = 2_000;

/** How to start one daemon that listens on loopback and answers `/-/ready`. */
export interface DaemonRecipe {
  readonly name: string;
  readonly binary: string;
  readonly args: (port: number) => readonly string[];
  /** A fixed port. By default a free one is found. */
  readonly port?: number;
}

/** A running Prometheus or Alertmanager. */
export interface Daemon {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** The last lines that it wrote. */
  log(): string;
  /** Makes it read its configuration again. Throws what it answered when it refuses. */
  reload(): Promise<void>;
  /** Resolves when it has ended. Ends it the hard way when it does not stop in 5 s. */
  stop(): Promise<void>;
}

/** Starts the daemon and waits until it is ready. Throws Refusal `not-ready`, with its last lines, when it does not come up. */
export async function startDaemon(recipe: DaemonRecipe): Promise<Daemon> {
  for (let attempt = 1; ; attempt += 1) {
    const daemon = await launch(recipe, recipe.port ?? (await freePort()));
    if (await isReady(daemon)) return daemon;
    await daemon.stop();
    // Between finding the port and its use by the daemon another process may have taken it.
    const taken = daemon.log().includes('address already in use');
    if (taken && recipe.port === undefined && attempt < portTries) continue;
    throw notReady(recipe, daemon.log().split('\n').slice(-15).join('\n'));
  }
}

async function launch(recipe: DaemonRecipe, port: number): Promise<Daemon> {
  const child = spawn(recipe.binary, recipe.args(port), { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const keep = (text: string) => {
    lines.push(...text.split('\n').filter(line => line !== ''));
    lines.splice(0, lines.length - keptLines);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw notReady(recipe, messageOf(error));
  }
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  // Unlike `exit`, `close` comes when all that it wrote was read.
  const closed = once(child, 'close').then(() => process.removeListener('exit', endWithUs));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    process: child,
    log: () => lines.join('\n'),
    reload: () => reload(url),
    stop: () => stop(child, closed),
  };
}

async function isReady(daemon: Daemon): Promise<boolean> {
  const deadline = systemClock.monotonic() + readyMs;
  while (!hasEnded(daemon.process) && systemClock.monotonic() < deadline) {
    if (await answers(`${daemon.url}/-/ready`)) return !hasEnded(daemon.process);
    await systemClock.sleep(20);
  }
  return false;
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    // Not listening yet, or still starting.
    return false;
  }
}

async function reload(url: string): Promise<void> {
  const answer = await fetch(`${url}/-/reload`, { method: 'POST' });
  const text = await answer.text();
  if (!answer.ok) throw new Bug(`${url}/-/reload answered ${answer.status}: ${text.trim()}`);
}

async function stop(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  if (!hasEnded(child)) child.kill('SIGTERM');
  // One that is held by SIGSTOP would never see SIGTERM.
  const hard = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await closed;
  clearTimeout(hard);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Bug('a TCP server has no port');
  return address.port;
}

function notReady(recipe: DaemonRecipe, lines: string): Refusal {
  return new Refusal('not-ready', `${recipe.name} did not become ready:\n${lines}`);
}
