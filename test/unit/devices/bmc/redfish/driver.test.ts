import assert from 'node:assert/strict';
import test from 'node:test';
import { DeviceRefused, DeviceSurprise, DeviceUnreachable } from '../../../../../src/core/errors.ts';
import { redfish } from '../../../../../src/devices/bmc/redfish/driver.ts';
import { isResourcePath } from '../../../../../src/devices/bmc/redfish/replies.ts';
import { CHASSIS_INTRUSION } from '../../../../../src/simulators/bmc/event-bytes.ts';
import { certify, startRedfishSimulator } from '../../../../../src/simulators/bmc/redfish/simulator.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { openRedfish, redfishBench } from '../../../../support/bmc/redfish.ts';
import { collected, counted } from '../../../../support/bmc/samples.ts';

const SERR = 'bmc_sel_pci_errors_total{error="serr",bus="80",device_function="02.2"}';

test('Supermicro’s raw events are the same counts as over IPMI and the web pages', async t => {
  const { session } = await redfishBench(t);
  assert.deepEqual(await counted(redfish, session, 'event-log'), [
    'bmc_sel_events_total{kind="pci-error"} 4',
    'bmc_sel_events_total{kind="ac-power-on"} 6',
    'bmc_sel_events_total{kind="chassis-intrusion"} 7',
    'bmc_sel_last_event_timestamp_seconds{kind="chassis-intrusion"} 1560881021',
    'bmc_sel_last_event_timestamp_seconds{kind="pci-error"} 1560890289',
    'bmc_sel_last_event_timestamp_seconds{kind="ac-power-on"} 1560880794',
    `${SERR} 4`,
    'bmc_sel_entries 17',
  ]);
  assert.deepEqual(await collected(redfish, session, 'power'), [
    'bmc_power_on 1',
    'bmc_logins_total 1',
    'bmc_login_refused 0',
  ]);
});

const VENDORS = [
  ['dell', 'bmc_sel_pci_errors_total{error="serr",bus="12",device_function="10.0"} 4'],
  ['openbmc', `${SERR} 4`],
  ['hpe', 'bmc_sel_events_total{kind="other"} 17'],
] as const;

for (const [vendor, line] of VENDORS) {
  test(`the log of ${vendor} is found by its links and read in its shape`, async t => {
    const { session } = await redfishBench(t, { vendor });
    assert.ok((await counted(redfish, session, 'event-log')).includes(line), line);
  });
}

test('a log in pages is read whole, newest first or not', async t => {
  const { simulator, session } = await redfishBench(t, { vendor: 'dell', sel: { capacity: 1024, whenFull: 'wraps' } });
  for (let more = 0; more < 200; more += 1) simulator.board.log(CHASSIS_INTRUSION, 1_600_000_000 + more);
  const lines = await counted(redfish, session, 'event-log');
  assert.ok(lines.includes('bmc_sel_entries 217'));
  assert.ok(!lines.some(line => line.startsWith('bmc_sel_truncated')));
  assert.equal(simulator.server.calls.filter(({ call }) => call.endsWith('/Sel/Entries')).length, 5);
});

test('one login serves every reading, and closing deletes the session', async t => {
  const { simulator, session } = await redfishBench(t);
  for (let round = 0; round < 5; round += 1) {
    await Promise.all([collected(redfish, session, 'event-log'), collected(redfish, session, 'power')]);
  }
  assert.equal(simulator.board.logins, 1);
  assert.equal(simulator.site.sessions, 1);
  await session.close();
  assert.equal(simulator.site.sessions, 0);
});

test('a lost session is opened once more', async t => {
  const { simulator, session } = await redfishBench(t);
  await collected(redfish, session, 'event-log');
  simulator.site.forgetSessions();
  assert.ok((await counted(redfish, session, 'event-log')).includes(`${SERR} 4`));
  assert.equal(simulator.board.logins, 2);
});

test('wrong credentials are tried once and then backed off', async t => {
  const clock = new ManualClock();
  const { simulator, session } = await redfishBench(t, {}, { password: 'wrong', clock });
  const read = () => collected(redfish, session, 'event-log');
  await assert.rejects(read, (error: unknown) => {
    assert(error instanceof DeviceRefused);
    assert.equal(error.why, 'credentials');
    assert.match(error.message, /does not take this user and password; correct credentials \(Base/);
    return true;
  });
  await assert.rejects(read, /no other try for 15 min/);
  assert.equal(simulator.board.failedLogins, 1);
});

test('a full session table is a reason to wait, and not one of credentials', async t => {
  const { simulator, session } = await redfishBench(t);
  simulator.server.faults.order({ kind: 'sessions-full', call: 'POST /redfish/v1/SessionService/Sessions' });
  await assert.rejects(collected(redfish, session, 'event-log'), (error: unknown) => {
    assert(error instanceof DeviceUnreachable);
    assert.match(
      error.message,
      /log in: the BMC is busy or all its sessions are taken \(status 503\) \(IDRAC\.2\.1\.RAC0218/,
    );
    return true;
  });
  assert.equal((await collected(redfish, session, 'power'))[0], 'bmc_power_on 1');
});

const BAD_DAYS = [
  ['malformed', DeviceSurprise],
  ['truncated', DeviceSurprise],
  ['empty', DeviceSurprise],
  ['reset', DeviceUnreachable],
] as const;

for (const [kind, error] of BAD_DAYS) {
  test(`a log reply that is ${kind} is an error, and the counts go on after it`, async t => {
    const { simulator, session } = await redfishBench(t);
    await collected(redfish, session, 'event-log');
    simulator.server.faults.order({ kind, call: 'GET /redfish/v1/Systems/1/LogServices/Log1/Entries' });
    await assert.rejects(collected(redfish, session, 'event-log'), error);
    assert.ok((await counted(redfish, session, 'event-log')).includes(`${SERR} 4`));
  });
}

test('paths that lead elsewhere are not followed', () => {
  const paths = ['/redfish/v1/Systems/1', '/redfish/v1/', '/redfish/v1/Logs/Sel/Entries?$skip=50'];
  for (const path of paths) assert.equal(isResourcePath(path), true, path);
  const wrong = [
    'https://192.0.2.1/redfish/v1',
    '//192.0.2.1/redfish/v1',
    '/redfish/v1/../../etc',
    '/api',
    '/redfish/v1/a b',
    '/redfish/v1/a\r\nx: y',
  ];
  for (const path of wrong) assert.equal(isResourcePath(path), false, path);
});

test('200 BMCs are logged in to once each, whatever is asked of them', { timeout: 60_000 }, async t => {
  const authority = certify('fleet');
  const simulators = await Promise.all(
    Array.from({ length: 200 }, (_, index) => startRedfishSimulator({ name: `bmc-${index}`, authority })),
  );
  const sessions = simulators.map(simulator => openRedfish(simulator));
  t.after(async () => {
    await Promise.allSettled(sessions.map(session => session.close()));
    await Promise.allSettled(simulators.map(simulator => simulator.close()));
  });
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(
      sessions.flatMap(session => [collected(redfish, session, 'event-log'), collected(redfish, session, 'power')]),
    );
  }
  const logins = simulators.map(({ board }) => board.logins + board.failedLogins);
  assert.deepEqual(new Set(logins), new Set([1]));
  assert.deepEqual(new Set(simulators.map(({ site }) => site.sessions)), new Set([1]));
});
