import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { Board, liveThrough } from '../../src/simulators/bmc/board.ts';
import type { SimulatedDevice } from '../../src/simulators/device.ts';
import {
  IPMI_PASSWORD,
  IPMI_USER,
  IPMITOOL,
  ipmiMissing,
  type IpmiSim,
  startIpmiSim,
} from '../support/bmc/ipmi-sim.ts';
import { SERR_RAW } from '../support/bmc/ipmi.ts';
import { processesFor } from '../support/bmc/ipmitool-processes.ts';
import { startUdpRelay, type UdpRelay } from '../support/bmc/udp-relay.ts';
import {
  alertOf,
  casesOf,
  eventually,
  notificationOf,
  postWebhook,
  prepareGround,
  serveThere,
} from '../support/service.ts';

const DEVICE = 'probe9-bmc';
const FINGERPRINTS = {
  'bmc/collect-evidence': '00000000000000e0',
  'bmc/reset': '0000000000000001',
  again: '0000000000000002',
};

test(
  'killed while a reset is under way over IPMI: no ipmitool is left behind, and the host is not reset again',
  { skip: ipmiMissing },
  async t => {
    const { sim, relay, ground } = await prepare(t);
    const service = await serveThere(ground);
    t.after(() => service.kill('SIGKILL'));
    await eventually(
      'the first sight of the log',
      async () => (await metrics(service.url)).includes(' 17\n') || undefined,
    );
    sim.ipmitool('raw', ...SERR_RAW);
    await alert(service.url, 'bmc/collect-evidence');
    assert.equal((await ended(service.url, 'bmc/collect-evidence')).state, 'verified');
    assert.deepEqual([relay.logins, processesFor(relay)], [1, 1]);
    relay.loseAnswersWhile(() => sim.chassisCalls().length > 0);
    await alert(service.url, 'bmc/reset');
    await eventually('the reset', () => sim.chassisCalls().length > 0 || undefined);
    await service.kill('SIGKILL');
    await eventually('the end of every ipmitool', () => processesFor(relay) === 0 || undefined);
    relay.loseAnswersWhile(() => false);
    const again = await serveThere(ground);
    t.after(() => again.kill('SIGTERM'));
    const subject = await ended(again.url, 'bmc/reset');
    assert.equal(subject.state, 'unverified', JSON.stringify(subject));
    assert.match(subject.verdict?.detail ?? '', /look at the host/);
    await alert(again.url, 'bmc/reset', 'again');
    assert.equal((await ended(again.url, 'bmc/reset', subject.id)).state, 'not-needed');
    assert.deepEqual(sim.chassisCalls(), ['set reset 1']);
    const text = await eventually('the counters', async () => {
      const found = await metrics(again.url);
      return found.includes('bmc_sel_entries') ? found : undefined;
    });
    assert.match(
      text,
      /^bmc_sel_pci_errors_total\{device="probe9-bmc",error="serr",bus="80",device_function="02.2"\} 5$/m,
    );
    await again.kill('SIGTERM');
    assert.equal(processesFor(relay), 0);
  },
);

async function prepare(t: TestContext) {
  const history = new Board({ name: 'x', clock: systemClock, username: '', password: '', sel: {}, restartMs: 0 });
  liveThrough(history);
  const sim = await startIpmiSim(history.sel.records);
  const relay = await startUdpRelay(sim.address);
  const ground = await prepareGround({ simulated: [device(sim, relay)] });
  t.after(() => ground.clear());
  await ground.configure({
    remedies: {
      'bmc/collect-evidence': { mode: 'auto', cooldown: '0s', directory: join(ground.folder, 'evidence') },
      'bmc/reset': { mode: 'auto', cooldown: '0s', action: 'force-restart', settle: '5s' },
    },
  });
  return { sim, relay, ground };
}

/** OpenIPMI's simulator as a member of a fleet. */
function device(sim: IpmiSim, relay: UdpRelay): SimulatedDevice {
  const file = `${DEVICE}.password`;
  return {
    name: DEVICE,
    driver: 'ipmi',
    addresses: [relay.address],
    files: [{ name: file, text: IPMI_PASSWORD }],
    entry: folder => ({
      name: DEVICE,
      driver: 'ipmi',
      addresses: [relay.address],
      credentials: { username: IPMI_USER, password_file: join(folder, file) },
      cipher_suite: 3,
      ipmitool: IPMITOOL,
    }),
    describe: () => ({}),
    orderFault: () => undefined,
    clearFaults: () => undefined,
    makeTrouble: () => ({}),
    calls: () => [],
    close: async () => {
      await relay.close();
      await sim.close();
    },
  };
}

async function alert(
  url: string,
  remedy: 'bmc/collect-evidence' | 'bmc/reset',
  episode: keyof typeof FINGERPRINTS = remedy,
) {
  const labels = { alertname: 'BmcPciError', device: DEVICE, remedy, episode };
  const answer = await postWebhook(url, notificationOf(alertOf(labels, { fingerprint: FINGERPRINTS[episode] })));
  assert.equal(answer.status, 200);
}

function ended(url: string, remedy: string, butNot?: string) {
  const isIt = async () =>
    (await casesOf(url)).find(found => found.remedy === remedy && found.id !== butNot && found.endedAt !== undefined);
  return eventually(`a case of ${remedy} to come to rest`, isIt, 40_000);
}

async function metrics(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}
