import { execFile } from 'node:child_process';
import { createWriteStream, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { surveyAh } from '../src/devices/junos/ah-survey.ts';
import { JunosSession } from '../src/devices/junos/session.ts';
import { sessionList, sessionsOf } from '../src/simulators/junos/replies/flow-sessions.ts';
import { Srx } from '../src/simulators/junos/srx.ts';
import { write } from '../src/simulators/junos/xml.ts';
import { entryFor, never } from '../test/support/junos.ts';
import { junosDeviceProcess } from '../test/support/junos-device.ts';
import { type Cost, Strain } from './junos/strain.ts';

const execute = promisify(execFile);

const SESSIONS = 100_000;
const PEERS = 750;
const MANY_SESSIONS = 1_000_000;
const ROUNDS = 3;
const TARGET_RATIO = 2;
const TARGET_RSS = 120e6;
const TARGET_BLOCK_MS = 50;

interface Count extends Partial<Cost> {
  readonly seconds: number;
  readonly sessions: number;
  readonly peers: number;
}

/**
 * AH sessions counted by peer: 100,000 from a file, beside lxml.iterparse on the same file, and a million over SSH from
 * a simulated device. Exit code 1 when memory, the event loop or the ratio to lxml miss their targets.
 */
export default async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'unclog-bench-'));
  try {
    const file = join(folder, 'sessions.xml');
    await writeSessions(file);
    await compare(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await million();
}

async function writeSessions(file: string): Promise<void> {
  const srx = new Srx({ name: 'srx', form: 'standalone', release: 'new', clock: systemClock });
  srx.populate(PEERS, 3);
  srx.peers.forEach((peer, at) => {
    const [tunnel] = peer.tunnels;
    if (tunnel) tunnel.stale = Math.floor(SESSIONS / PEERS) - 6 + (at < SESSIONS % PEERS ? 1 : 0);
  });
  const list = sessionList(sessionsOf(srx, srx.peers), srx.sessions, srx, 'netconf');
  function* document(): Generator<string> {
    yield '<nc:rpc-reply xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="junos">\n';
    yield* write(list, 'netconf');
    yield '</nc:rpc-reply>\n';
  }
  await pipeline(Readable.from(document()), createWriteStream(file));
}

async function compare(file: string): Promise<void> {
  const python = await pythonWithLxml();
  const ours: Count[] = [];
  const theirs: Count[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await count(process.execPath, join(import.meta.dirname, 'junos/count.ts'), file));
    if (python !== undefined) theirs.push(await count(python, join(import.meta.dirname, 'junos/count.py'), file));
  }
  const bytes = statSync(file).size;
  const [mine, other] = [best(ours), best(theirs)];
  const rss = Math.max(...ours.map(({ rssGrowth }) => rssGrowth ?? 0));
  const block = Math.max(...ours.map(({ longestBlockMs }) => longestBlockMs ?? 0));
  console.log(`junos: ${SESSIONS} AH sessions, ${megabytes(bytes)} of XML, best of ${ROUNDS}`);
  console.log(
    `  unclog: ${describe(mine, bytes)}; RSS +${megabytes(rss)} (target ≤ ${megabytes(TARGET_RSS)}), longest block ${block.toFixed(1)} ms of CPU (target ≤ ${TARGET_BLOCK_MS})`,
  );
  check(rss <= TARGET_RSS && block <= TARGET_BLOCK_MS && mine?.sessions === SESSIONS && mine.peers === PEERS);
  if (!mine || !other) {
    console.log('  lxml: not compared: no python3 with lxml here (Debian: python3-lxml)');
    return;
  }
  const ratio = other.seconds / mine.seconds;
  console.log(
    `  lxml.iterparse: ${describe(other, bytes)}; unclog is ${ratio.toFixed(1)} times as fast (target ≥ ${TARGET_RATIO})`,
  );
  check(ratio >= TARGET_RATIO && other.sessions === mine.sessions && other.peers === mine.peers);
}

/** A whole survey, SAs before and after included, of a device with a million sessions. */
async function million(): Promise<void> {
  const simulated = await junosDeviceProcess(MANY_SESSIONS, PEERS);
  try {
    const memory = { get: async () => undefined, put: async () => {} };
    const session = JunosSession.open(entryFor(simulated.facts), { clock: systemClock, log: silentLog, memory });
    const strain = new Strain();
    const began = performance.now();
    const survey = await surveyAh(session, never);
    const seconds = (performance.now() - began) / 1_000;
    const { rssGrowth, longestBlockMs, longestGapMs } = strain.stop();
    await session.close();
    const orphans = survey.peers.reduce((sum, peer) => sum + peer.orphans, 0);
    console.log(
      `junos: ${survey.sessions} AH sessions over SSH, ${orphans} of them orphans: ${seconds.toFixed(1)} s, RSS +${megabytes(rssGrowth)}, longest block ${longestBlockMs.toFixed(1)} ms of CPU (target ≤ ${TARGET_BLOCK_MS}), ${longestGapMs.toFixed(0)} ms by the clock`,
    );
    check(survey.sessions === simulated.sessions && longestBlockMs <= TARGET_BLOCK_MS);
  } finally {
    await simulated.close();
  }
}

async function pythonWithLxml(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const works = await execute(python, ['-c', 'import lxml.etree']).then(
      () => true,
      () => false,
    );
    if (works) return python;
  }
  return undefined;
}

async function count(program: string, script: string, file: string): Promise<Count> {
  const { stdout } = await execute(program, [script, file]);
  return JSON.parse(stdout) as Count;
}

function best(counts: readonly Count[]): Count | undefined {
  return counts.toSorted((one, other) => one.seconds - other.seconds)[0];
}

function describe(counted: Count | undefined, bytes: number): string {
  return counted ? `${counted.seconds.toFixed(2)} s (${Math.round(bytes / counted.seconds / 1e6)} MB/s)` : 'nothing';
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function check(good: boolean): void {
  if (!good) process.exitCode = 1;
}
