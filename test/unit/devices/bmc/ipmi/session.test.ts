import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test, { type TestContext } from 'node:test';
import { DeviceUnreachable } from '../../../../../src/core/errors.ts';
import type { Exhibit, MissingExhibit } from '../../../../../src/devices/bmc/access.ts';
import { ipmi } from '../../../../../src/devices/bmc/ipmi/driver.ts';
import type { BmcSession } from '../../../../../src/devices/bmc/session.ts';
import { ipmiMissing, startIpmiSim, type IpmiSim } from '../../../../support/bmc/ipmi-sim.ts';
import { ipmiBench, openIpmi, SERR_RAW } from '../../../../support/bmc/ipmi.ts';
import { processesFor, processIds } from '../../../../support/bmc/ipmitool-processes.ts';
import { collected, counted } from '../../../../support/bmc/samples.ts';
import { never } from '../../../../support/bmc/tools.ts';
import { startUdpRelay, type UdpRelay } from '../../../../support/bmc/udp-relay.ts';

const skip = ipmiMissing;

test('one login serves every reading of log and power, and all evidence', { skip }, async t => {
  const { sim, relay, session } = await relayed(t);
  for (let round = 0; round < 5; round += 1) {
    await counted(ipmi, session, 'event-log');
    assert.ok((await collected(ipmi, session, 'power')).includes('bmc_logins_total 1'));
    if (round < 3) sim.ipmitool('raw', ...SERR_RAW);
    if (round === 1) await evidenceOf(session);
  }
  assert.deepEqual([relay.logins, relay.activations], [1, 1]);
});

test('closing logs out, and the process is gone', { skip }, async t => {
  const { session, relay } = await relayed(t);
  await collected(ipmi, session, 'power');
  assert.equal(processesFor(relay), 1);
  await session.close();
  assert.equal(processesFor(relay), 0);
  await assert.rejects(collected(ipmi, session, 'power'), /the session closes/);
  assert.equal(relay.logins, 1);
});

test('a session that the BMC forgot is opened once more, and the reading is right', { skip }, async t => {
  const { session, relay } = await relayed(t);
  const first = await counted(ipmi, session, 'event-log');
  relay.forgetSessions();
  assert.deepEqual(await counted(ipmi, session, 'event-log'), first);
  assert.equal(relay.logins, 2);
  assert.ok((await collected(ipmi, session, 'power')).includes('bmc_logins_total 2'));
});

test('an ipmitool that dies is started again, and no second one beside it', { skip }, async t => {
  const { session, relay } = await relayed(t);
  await collected(ipmi, session, 'power');
  execFileSync('kill', ['-9', ...processIds(relay)]);
  assert.equal((await collected(ipmi, session, 'power'))[0], 'bmc_power_on 1');
  assert.equal(processesFor(relay), 1);
  assert.equal(relay.logins, 2);
});

test('a reset whose answer is lost was sent once, and may have been done', { skip }, async t => {
  const { sim, session, relay } = await relayed(t);
  await collected(ipmi, session, 'power');
  relay.loseAnswersWhile(() => sim.chassisCalls().length > 0);
  await assert.rejects(
    (session as BmcSession).reset('force-restart', never, async () => undefined),
    (error: unknown) => {
      assert(error instanceof DeviceUnreachable);
      assert.equal(error.message, 'probe7-bmc: Chassis Control (force-restart): no answer');
      assert.equal(error.maybeDone, true);
      return true;
    },
  );
  assert.deepEqual(sim.chassisCalls(), ['set reset 1']);
  assert.equal(processesFor(relay), 1);
});

test('evidence of a BMC without sensor descriptions leaves it without', { skip }, async t => {
  const { sim, session } = await relayed(t);
  const repository = () => sim.ipmitool('raw', '0x0a', '0x20');
  const before = repository();
  const exhibits = await evidenceOf(session);
  assert.equal(repository(), before);
  assert.deepEqual(
    exhibits.map(exhibit => ('missing' in exhibit ? `no ${exhibit.name}` : exhibit.name)),
    ['sel.bin', 'sel-info.txt', 'sel-list.txt', 'bmc-info.txt', 'chassis-status.txt', 'no sensors.txt', 'fru.txt'],
  );
});

const SIMULATORS = 8;
const BOARDS = 200;
const AT_ONCE = 20;

test('200 boards polled again and again are logged in to once each', { skip, timeout: 180_000 }, async t => {
  const sims = await Promise.all(Array.from({ length: SIMULATORS }, () => startIpmiSim([])));
  const relays = await Promise.all(
    Array.from({ length: BOARDS }, (_, board) => startUdpRelay(sims[board % SIMULATORS]?.address ?? '')),
  );
  const sessions = relays.map(({ address }) => openIpmi({ address }));
  t.after(async () => {
    await Promise.allSettled(sessions.map(session => session.close()));
    await Promise.allSettled([...relays, ...sims].map(part => part.close()));
  });
  for (let round = 0; round < 3; round += 1) {
    for (let from = 0; from < BOARDS; from += AT_ONCE) {
      const some = sessions.slice(from, from + AT_ONCE);
      await Promise.all(some.flatMap(one => [collected(ipmi, one, 'event-log'), collected(ipmi, one, 'power')]));
    }
  }
  assert.deepEqual(new Set(relays.map(({ logins }) => logins)), new Set([1]));
  assert.deepEqual(new Set(relays.map(processesFor)), new Set([1]));
});

async function relayed(t: TestContext) {
  const { sim } = await ipmiBench(t);
  const relay = await startUdpRelay(sim.address);
  const session = openIpmi({ address: relay.address });
  t.after(async () => {
    await session.close();
    await relay.close();
  });
  return { sim, relay, session } satisfies { sim: IpmiSim; relay: UdpRelay; session: unknown };
}

async function evidenceOf(session: unknown) {
  const exhibits: (Exhibit | MissingExhibit)[] = [];
  for await (const exhibit of (session as BmcSession).collectEvidence(never)) exhibits.push(exhibit);
  return exhibits;
}
