import assert from 'node:assert/strict';
import test from 'node:test';
import { DeviceRefused, DeviceSurprise, DeviceUnreachable, PartialResult } from '../../../../../src/core/errors.ts';
import { supermicroEntry } from '../../../../../src/devices/bmc/cgi/config.ts';
import { supermicro } from '../../../../../src/devices/bmc/cgi/driver.ts';
import type { CgiSimulatorOptions } from '../../../../../src/simulators/bmc/cgi/simulator.ts';
import { cgiBench } from '../../../../support/bmc/cgi.ts';
import { collected, counted } from '../../../../support/bmc/samples.ts';
import { RememberingMemory } from '../../../../support/bmc/tools.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';

const SEED_COUNTS = [
  'bmc_sel_events_total{kind="pci-error"} 4',
  'bmc_sel_events_total{kind="ac-power-on"} 6',
  'bmc_sel_events_total{kind="chassis-intrusion"} 7',
  'bmc_sel_last_event_timestamp_seconds{kind="chassis-intrusion"} 1560881021',
  'bmc_sel_last_event_timestamp_seconds{kind="pci-error"} 1560890289',
  'bmc_sel_last_event_timestamp_seconds{kind="ac-power-on"} 1560880794',
  'bmc_sel_pci_errors_total{error="serr",bus="80",device_function="02.2"} 4',
  'bmc_sel_entries 17',
];

const BOARDS: readonly (readonly [string, CgiSimulatorOptions])[] = [
  ['X9 over plain HTTP', { generation: 'x10', plainHttp: true }],
  ['X10', { generation: 'x10' }],
  ['X11', { generation: 'x11' }],
  ['old X11 without a token', { generation: 'x11', csrf: false }],
];

for (const [name, options] of BOARDS) {
  test(`${name}: the probe’s log is 4 PCI errors, 6 power-ons, 7 intrusions`, async t => {
    const { simulator, session } = await cgiBench(t, options);
    assert.deepEqual(await counted(supermicro, session, 'event-log'), SEED_COUNTS);
    assert.deepEqual(await collected(supermicro, session, 'power'), [
      'bmc_power_on 1',
      'bmc_logins_total 1',
      'bmc_login_refused 0',
    ]);
    assert.equal(simulator.board.logins, 1);
  });
}

test('one login serves every reading, and closing ends the session', async t => {
  const { simulator, session } = await cgiBench(t, { generation: 'x11' });
  for (let round = 0; round < 5; round += 1) await collected(supermicro, session, 'event-log');
  assert.equal(simulator.board.logins, 1);
  await session.close();
  assert.equal(simulator.site.sessions, 0);
});

test('200 boards polled again and again are logged in to once each', { timeout: 60_000 }, async t => {
  const boards = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      cgiBench(t, { name: `bmc-${index}`, generation: index % 2 === 0 ? 'x10' : 'x11', plainHttp: true }),
    ),
  );
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(
      boards.flatMap(({ session }) => [
        collected(supermicro, session, 'event-log'),
        collected(supermicro, session, 'power'),
      ]),
    );
  }
  const logins = boards.map(({ simulator }) => simulator.board.logins + simulator.board.failedLogins);
  assert.deepEqual(new Set(logins), new Set([1]));
  assert.deepEqual(new Set(boards.map(({ simulator }) => simulator.site.sessions)), new Set([1]));
});

test('the form of login that worked is remembered over a restart, so no failed login is logged again', async t => {
  const memory = new RememberingMemory();
  const { simulator, session, open } = await cgiBench(t, { generation: 'x10' }, memory, { login_form: 'auto' });
  await collected(supermicro, session, 'event-log');
  assert.equal(simulator.board.failedLogins, 1);
  const again = open();
  await collected(supermicro, again, 'event-log');
  assert.equal(simulator.board.failedLogins, 1);
  await again.close();
});

test('a lost session is opened once more', async t => {
  const { simulator, session } = await cgiBench(t, { generation: 'x11' });
  await collected(supermicro, session, 'event-log');
  simulator.site.forgetSessions();
  assert.deepEqual(await counted(supermicro, session, 'event-log'), SEED_COUNTS);
  assert.equal(simulator.board.logins, 2);
});

test('X10 tells a lost session with status 200, and is understood', async t => {
  const { simulator, session } = await cgiBench(t, { generation: 'x10' });
  await collected(supermicro, session, 'event-log');
  simulator.site.forgetSessions();
  assert.deepEqual(await counted(supermicro, session, 'event-log'), SEED_COUNTS);
});

test('wrong credentials are tried once, then not for 15 minutes, then not for 30', async t => {
  const clock = new ManualClock();
  const { simulator, session } = await cgiBench(t, { generation: 'x11' }, new RememberingMemory(), {
    password: 'wrong',
    clock,
  });
  const read = () => collected(supermicro, session, 'event-log');
  await assert.rejects(read, (error: unknown) => {
    assert(error instanceof DeviceRefused);
    assert.equal(error.why, 'credentials');
    assert.equal(
      error.message,
      'probe7-bmc: log in: the BMC does not take this user and password; correct credentials',
    );
    return true;
  });
  for (let round = 0; round < 10; round += 1)
    await assert.rejects(read, /no other try for 15 min, because it logs each one/);
  assert.equal(simulator.board.failedLogins, 1);
  await assert.rejects(collected(supermicro, session, 'power'), (error: unknown) => {
    assert(error instanceof PartialResult);
    assert.deepEqual(
      error.samples.map(({ metric, value }) => [metric.name, value]),
      [
        ['bmc_logins_total', 0],
        ['bmc_login_refused', 1],
      ],
    );
    return true;
  });
  await clock.advance(15 * 60_000);
  await assert.rejects(read, /does not take this user/);
  await clock.advance(15 * 60_000);
  await assert.rejects(read, /no other try for 15 min/);
  assert.equal(simulator.board.failedLogins, 2);
});

test('a failed login of ours is an event that is counted as one', async t => {
  const { session } = await cgiBench(t, { generation: 'x10' }, new RememberingMemory(), { login_form: 'auto' });
  const lines = await counted(supermicro, session, 'event-log');
  assert.ok(lines.includes('bmc_sel_events_total{kind="login-failed"} 1'));
});

const BAD_DAYS = [
  ['malformed', DeviceSurprise, /read SEL_INFO.XML: the reply is not well-formed XML/],
  ['truncated', DeviceSurprise, /the reply is not a whole IPMI document/],
  ['empty', DeviceSurprise, /the reply is not a whole IPMI document/],
  ['reset', DeviceUnreachable, /connection/],
] as const;

for (const [kind, error, message] of BAD_DAYS) {
  test(`a reply that is ${kind} is an error, and the counts go on after it`, async t => {
    const { simulator, session } = await cgiBench(t, { generation: 'x11' });
    await collected(supermicro, session, 'event-log');
    simulator.server.faults.order({ kind, call: 'POST /cgi/ipmi.cgi' });
    await assert.rejects(collected(supermicro, session, 'event-log'), (thrown: unknown) => {
      assert(thrown instanceof error);
      return message.test(thrown.message);
    });
    assert.deepEqual(await counted(supermicro, session, 'event-log'), SEED_COUNTS);
  });
}

test('a stray sign after the document is read over', async t => {
  const { simulator, session } = await cgiBench(t, { generation: 'x10' });
  simulator.server.faults.order({ kind: 'stray-tail', call: 'POST /cgi/ipmi.cgi' });
  assert.deepEqual(await counted(supermicro, session, 'event-log'), SEED_COUNTS);
});

test('a board without these pages is told to be a job for Redfish', async t => {
  const { simulator, session } = await cgiBench(t, { generation: 'x11' });
  simulator.server.faults.order({ kind: 'status', status: 404, call: 'POST /cgi/ipmi.cgi', times: 'always' });
  await assert.rejects(collected(supermicro, session, 'event-log'), /boards from X12 on need driver: redfish/);
});

test('a log that is longer than the reply is told as truncated', async t => {
  const { session } = await cgiBench(t, { generation: 'x11', recordsShown: 10 });
  const lines = await counted(supermicro, session, 'event-log');
  assert.ok(lines.includes('bmc_sel_truncated 1'));
  assert.ok(lines.includes('bmc_sel_entries 17'));
});

test('counts survive a clear, a restart of unclog, and ids that are used again', async t => {
  const memory = new RememberingMemory();
  const { simulator, session, open } = await cgiBench(t, { generation: 'x11' }, memory);
  const { board } = simulator;
  await collected(supermicro, session, 'event-log');
  board.sel.clear(1_600_000_000);
  board.failPci('serr', { bus: 0x80, device: 2, function: 2 });
  const again = open();
  const lines = await counted(supermicro, again, 'event-log');
  assert.ok(lines.includes('bmc_sel_pci_errors_total{error="serr",bus="80",device_function="02.2"} 5'));
  assert.ok(lines.includes('bmc_sel_entries 1'));
  await again.close();
});

test('a log that did not change is not written again', async t => {
  const memory = new RememberingMemory();
  const { session } = await cgiBench(t, { generation: 'x11' }, memory);
  await collected(supermicro, session, 'event-log');
  const { writes } = memory;
  for (let round = 0; round < 5; round += 1) await collected(supermicro, session, 'event-log');
  assert.equal(memory.writes, writes);
});

test('plain HTTP needs to be asked for, and one address is enough', () => {
  const entry = {
    name: 'bmc',
    driver: 'supermicro',
    addresses: ['http://192.0.2.30'],
    credentials: { username: 'monitor', password_file: 'secrets/bmc.pw' },
  };
  const problems = (change: object) =>
    supermicroEntry.safeParse({ ...entry, ...change }).error?.issues.map(issue => issue.message) ?? [];
  assert.match(problems({})[0] ?? '', /user and password would travel in the clear/);
  assert.deepEqual(problems({ insecure_plain_http: true }), []);
  assert.match(problems({ addresses: ['ssh://192.0.2.30'] })[0] ?? '', /https:\/\/ or http:\/\/ is expected/);
  assert.match(problems({ addresses: ['https://u:p@192.0.2.30'] })[0] ?? '', /credentials belong under credentials:/);
  assert.match(problems({ addresses: ['https://192.0.2.30', 'https://192.0.2.31'] })[0] ?? '', /Too big/);
  assert.match(
    problems({ credentials: { username: 'monitor' }, insecure_plain_http: true })[0] ?? '',
    /one of password_file and password/,
  );
});
