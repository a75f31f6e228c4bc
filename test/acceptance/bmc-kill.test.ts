import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLedger } from '../../src/app/ledger.ts';
import type { Case } from '../../src/core/case.ts';
import { checkFolder } from '../../src/devices/bmc/evidence/folder.ts';
import { type Board, liveThrough } from '../../src/simulators/bmc/board.ts';
import { startCgiSimulator } from '../../src/simulators/bmc/cgi/simulator.ts';
import { bmcDevice } from '../../src/simulators/bmc/device.ts';
import { startRedfishSimulator } from '../../src/simulators/bmc/redfish/simulator.ts';
import type { WebServer } from '../../src/simulators/bmc/web-server.ts';
import {
  alertOf,
  casesOf,
  eventually,
  type Ground,
  notificationOf,
  postWebhook,
  prepareGround,
  type ServiceProcess,
  serveThere,
} from '../support/service.ts';

const DEVICE = 'probe7-bmc';
const EVIDENCE = 'bmc/collect-evidence';
const RESET = 'bmc/reset';
const RESET_CALL = 'POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset';
const FINGERPRINTS = { evidence: '00000000000000e0', one: '0000000000000001', two: '0000000000000002' };
/** So many kills are tried beside each other: most of their time is waiting. */
const BESIDE = 4;

type Way = 'redfish' | 'supermicro';

interface Yard {
  readonly board: Board;
  readonly server: WebServer;
  readonly ground: Ground;
  readonly evidence: string;
  readonly services: ServiceProcess[];
}

async function prepare(way: Way): Promise<Yard> {
  const simulator =
    way === 'redfish'
      ? await startRedfishSimulator({ name: DEVICE })
      : await startCgiSimulator({ name: DEVICE, generation: 'x11' });
  liveThrough(simulator.board);
  const { board, server } = simulator;
  const keys = way === 'supermicro' ? { login_form: 'base64' } : {};
  const ground = await prepareGround({ simulated: [bmcDevice(simulator, way, keys)] });
  const directory = join(ground.folder, 'evidence');
  await ground.configure({
    remedies: {
      [EVIDENCE]: { mode: 'auto', cooldown: '0s', directory },
      [RESET]: { mode: 'auto', cooldown: '0s', action: 'power-cycle', settle: '5s' },
    },
  });
  return { board, server, ground, evidence: join(directory, DEVICE), services: [] };
}

async function serve(yard: Yard): Promise<ServiceProcess> {
  const service = await serveThere(yard.ground);
  yard.services.push(service);
  return service;
}

async function clear({ services, ground }: Yard): Promise<void> {
  await Promise.all(services.map(service => service.kill('SIGKILL')));
  await ground.clear();
}

/** A service that has seen the log with its backlog, and then the host fails. */
async function serveAndFail(yard: Yard): Promise<ServiceProcess> {
  const service = await serve(yard);
  await eventually('the first sight of the log', async () => (await countsOf(service.url)).entries === 17 || undefined);
  assert.equal((await countsOf(service.url)).errors, 4);
  yard.board.failPci('serr', { bus: 0x80, device: 2, function: 2 });
  return service;
}

async function alert(url: string, remedy: string, episode: keyof typeof FINGERPRINTS = 'one'): Promise<void> {
  const labels = { alertname: 'BmcPciError', device: DEVICE, remedy, address: '', episode };
  assert.equal(
    (await postWebhook(url, notificationOf(alertOf(labels, { fingerprint: FINGERPRINTS[episode] })))).status,
    200,
  );
}

/** Kills the service when the BMC gets its n-th request of this case; then starts it again and lets it finish. */
async function killAtRequest(yard: Yard, remedy: string, n: number, before = async (_: ServiceProcess) => {}) {
  const service = await serveAndFail(yard);
  await before(service);
  let requests = 0;
  let killedAt: string | undefined;
  const killed = Promise.withResolvers<void>();
  yard.server.onCall = call => {
    requests += 1;
    if (requests !== n) return;
    killedAt = call;
    service.child.kill('SIGKILL');
    killed.resolve();
  };
  await alert(service.url, remedy).catch(() => undefined);
  const finished = ended(service.url, remedy).catch(() => undefined);
  await Promise.race([killed.promise, finished]);
  yard.server.onCall = () => undefined;
  await service.kill('SIGKILL');
  const left = whole(yard.evidence);
  const again = await serve(yard);
  const early = await countsOf(again.url);
  // The kill may have come before the alert was durable; Alertmanager would send it again, and so do we.
  if (!(await casesOf(again.url)).some(subject => subject.remedy === remedy)) await alert(again.url, remedy);
  const subject = await ended(again.url, remedy);
  const counts = await eventually('the new error in the counters', async () => {
    const found = await countsOf(again.url);
    return found.errors === 5 ? found : undefined;
  });
  return { subject, killedAt, left: await left, early, counts, again };
}

/** The evidence folders that have their final name; each must be whole. */
async function whole(folder: string): Promise<readonly string[]> {
  const names = list(folder).filter(name => !name.endsWith('.partial'));
  for (const name of names) assert.ok(!('damage' in (await checkFolder(join(folder, name)))), name);
  return names;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function finish(yard: Yard, again: ServiceProcess): Promise<void> {
  await again.kill('SIGTERM');
  const chain = await withLedger(`sqlite:${join(yard.ground.folder, 'unclog.db')}`, store => store.verifyChain());
  assert.equal(chain.intact, true);
}

/** Tries n = 1, 2, 3 … until a case ends before its n-th request; `check` says whether it was killed. */
async function atEveryRequest(check: (n: number) => Promise<boolean>): Promise<number> {
  for (let first = 1; ; first += BESIDE) {
    const killed = await Promise.all(Array.from({ length: BESIDE }, (_, beside) => check(first + beside)));
    if (killed.includes(false)) return first + killed.indexOf(false);
  }
}

for (const way of ['redfish', 'supermicro'] as const) {
  test(`${way}: killed at every request of collecting evidence, it is kept once, whole, and counted right`, async () => {
    const requests = await atEveryRequest(async n => {
      const yard = await prepare(way);
      try {
        const { subject, killedAt, early, counts, again } = await killAtRequest(yard, EVIDENCE, n);
        const at = `request ${n}, ${killedAt ?? 'not reached'}`;
        assert.equal(subject.state, 'verified', `${at}: ${subject.reason} ${subject.detail}`);
        assert.equal(subject.verdict?.effect, 'effective', at);
        assert.ok(early.errors === undefined || early.errors >= 4, `${at}: ${early.errors} errors`);
        assert.deepEqual([counts.errors, counts.entries], [5, 18], at);
        assert.equal((await whole(yard.evidence)).length, 1, at);
        assert.equal(list(yard.evidence).length, 1, `${at}: ${list(yard.evidence).join(', ')}`);
        await finish(yard, again);
        return killedAt !== undefined;
      } finally {
        await clear(yard);
      }
    });
    assert.ok(requests > 8, `a case takes more requests than ${requests}`);
  });
}

for (const loseAnswer of [false, true]) {
  const name = loseAnswer ? ', its answer lost' : '';
  test(`killed at every request of a reset${name}: the host is reset once at most, and never for the same error again`, async () => {
    const requests = await atEveryRequest(async n => {
      const yard = await prepare('redfish');
      try {
        if (loseAnswer) yard.server.faults.order({ kind: 'reset', call: RESET_CALL });
        const { subject, killedAt, counts, again } = await killAtRequest(yard, RESET, n, async service => {
          await alert(service.url, EVIDENCE, 'evidence');
          assert.equal((await ended(service.url, EVIDENCE)).state, 'verified');
        });
        const { resets } = yard.board;
        const at = `request ${n}, ${killedAt ?? 'not reached'}: ${subject.state} ${subject.reason} ${subject.detail}`;
        assert.deepEqual(
          resets.map(({ kind }) => kind),
          ['power-cycle'],
          at,
        );
        // Whether a host was reset cannot be read from its BMC: after a lost answer a person has to look.
        const unsure = loseAnswer || killedAt === RESET_CALL;
        assert.equal(subject.state, unsure ? 'unverified' : 'verified', at);
        assert.deepEqual([counts.errors, counts.entries], [5, 18], at);
        await alert(again.url, RESET, 'two');
        const second = await ended(again.url, RESET, subject.id);
        assert.equal(second.state, 'not-needed', `${at}; then ${second.reason} ${second.detail}`);
        assert.equal(resets.length, 1, at);
        await finish(yard, again);
        return killedAt !== undefined;
      } finally {
        await clear(yard);
      }
    });
    assert.ok(requests > 4, `a case takes more requests than ${requests}`);
  });
}

function ended(url: string, remedy: string, butNot?: string): Promise<Case> {
  return eventually(
    `a case of ${remedy} to come to rest`,
    async () =>
      (await casesOf(url)).find(
        subject => subject.remedy === remedy && subject.id !== butNot && subject.endedAt !== undefined,
      ),
    40_000,
  );
}

async function countsOf(url: string): Promise<{ errors: number | undefined; entries: number | undefined }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => {
    const values = text.split('\n').filter(line => line.startsWith(`${name}{`));
    return values.length === 0 ? undefined : values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  return { errors: value('bmc_sel_pci_errors_total'), entries: value('bmc_sel_entries') };
}
