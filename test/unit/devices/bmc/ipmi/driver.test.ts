import assert from 'node:assert/strict';
import test from 'node:test';
import { DeviceRefused, DeviceUnreachable } from '../../../../../src/core/errors.ts';
import type { Session } from '../../../../../src/devices/contract.ts';
import { ipmi } from '../../../../../src/devices/bmc/ipmi/driver.ts';
import { ipmiEntry, type IpmiEntry } from '../../../../../src/devices/bmc/ipmi/config.ts';
import { Board, liveThrough } from '../../../../../src/simulators/bmc/board.ts';
import { systemClock } from '../../../../../src/core/clock.ts';
import { IPMI_PASSWORD, IPMI_USER, ipmiMissing, startIpmiSim, type IpmiSim } from '../../../../support/bmc/ipmi-sim.ts';
import { collected, counted } from '../../../../support/bmc/samples.ts';
import { bmcTools, RememberingMemory, secretSource } from '../../../../support/bmc/tools.ts';

const skip = ipmiMissing;
const SERR = [
  '0x0a',
  '0x44',
  '0',
  '0',
  '0x02',
  '0',
  '0',
  '0',
  '0',
  '0x33',
  '0',
  '0x04',
  '0x13',
  '0',
  '0x6f',
  '0xa5',
  '0x80',
  '0x12',
];
const SERR_COUNT = 'bmc_sel_pci_errors_total{error="serr",bus="80",device_function="02.2"}';

test('a real BMC’s log is 4 PCI errors, 6 power-ons, 7 intrusions', { skip }, async t => {
  const { session } = await setUp(t);
  assert.deepEqual(await counted(ipmi, session, 'event-log'), [
    'bmc_sel_events_total{kind="pci-error"} 4',
    'bmc_sel_events_total{kind="ac-power-on"} 6',
    'bmc_sel_events_total{kind="chassis-intrusion"} 7',
    'bmc_sel_last_event_timestamp_seconds{kind="chassis-intrusion"} 1560881021',
    'bmc_sel_last_event_timestamp_seconds{kind="pci-error"} 1560890289',
    'bmc_sel_last_event_timestamp_seconds{kind="ac-power-on"} 1560880794',
    `${SERR_COUNT} 4`,
    'bmc_sel_entries 17',
    'bmc_sel_free_bytes 48',
  ]);
  assert.deepEqual(await collected(ipmi, session, 'power'), ['bmc_power_on 1']);
});

test('new errors, overflow, a clear and ids that begin again are counted right', { skip }, async t => {
  const { sim, session } = await setUp(t);
  const read = () => counted(ipmi, session, 'event-log');
  await read();
  sim.ipmitool('raw', ...SERR);
  assert.ok((await read()).includes(`${SERR_COUNT} 5`));
  for (let more = 0; more < 2; more += 1) sim.ipmitool('raw', ...SERR);
  assert.throws(() => sim.ipmitool('raw', ...SERR), /Out of space/);
  const full = await read();
  assert.ok(full.includes(`${SERR_COUNT} 7`));
  assert.ok(full.includes('bmc_sel_overflow 1'));
  sim.ipmitool('sel', 'clear');
  assert.ok((await read()).includes(`${SERR_COUNT} 7`));
  await setClock(sim, 1_700_000_000);
  sim.ipmitool('raw', ...SERR);
  const after = await read();
  assert.ok(after.includes(`${SERR_COUNT} 8`));
  assert.ok(after.includes('bmc_sel_entries 1'));
});

test('counts go on where they were after a restart of unclog', { skip }, async t => {
  const { sim, session, open } = await setUp(t);
  await counted(ipmi, session, 'event-log');
  await session.close();
  await setClock(sim, 1_700_000_000);
  sim.ipmitool('raw', ...SERR);
  const again = open();
  assert.ok((await counted(ipmi, again, 'event-log')).includes(`${SERR_COUNT} 5`));
});

test('an empty log is an answer', { skip }, async t => {
  const { sim, session } = await setUp(t);
  sim.ipmitool('sel', 'clear');
  assert.deepEqual(await counted(ipmi, session, 'event-log'), ['bmc_sel_free_bytes 320']);
});

const REFUSALS: readonly (readonly [string, Partial<Record<'username' | 'password', string>>, RegExp])[] = [
  [
    'password',
    { password: 'wrong' },
    /Get SEL Info: the BMC does not take this password; correct credentials.password/,
  ],
  ['user', { username: 'nobody' }, /Get SEL Info: the BMC does not know this user; correct credentials.username/],
];

for (const [what, credentials, message] of REFUSALS) {
  test(`a wrong ${what} is told as such and not tried again`, { skip }, async t => {
    const { session } = await setUp(t, credentials);
    const read = () => collected(ipmi, session, 'event-log');
    await assert.rejects(read, (error: unknown) => {
      assert(error instanceof DeviceRefused);
      assert.equal(error.why, 'credentials');
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /wrong|test1234/);
      return true;
    });
    await assert.rejects(read, /no other try for 15 min/);
  });
}

test('a dead BMC is unreachable and no matter of credentials', { skip }, async t => {
  const { sim, session } = await setUp(t);
  await sim.close();
  await assert.rejects(collected(ipmi, session, 'event-log'), (error: unknown) => {
    assert(error instanceof DeviceUnreachable);
    assert.match(error.message, /probe7-bmc: Get SEL Info: no answer/);
    return true;
  });
});

test('a missing ipmitool is told by name', async t => {
  const session = openSession({ address: 'ipmi://127.0.0.1:9', ipmitool: '/nowhere/ipmitool' });
  t.after(() => session.close());
  await assert.rejects(collected(ipmi, session, 'power'), /Get Chassis Status: \/nowhere\/ipmitool: spawn .* ENOENT/);
});

test('the password is never an argument', { skip }, async t => {
  const session = openSession({ address: 'ipmi://127.0.0.1:9', ipmitool: '/bin/echo' });
  t.after(() => session.close());
  await assert.rejects(collected(ipmi, session, 'power'), (error: unknown) => {
    assert(error instanceof Error && 'excerpt' in error);
    assert.match(String(error.excerpt), /-U monitor -E -L OPERATOR/);
    assert.doesNotMatch(String(error.excerpt), /test1234/);
    return true;
  });
});

test('an unknown privilege or cipher suite is an error of the configuration', () => {
  const entry = {
    name: 'bmc',
    driver: 'ipmi',
    addresses: ['ipmi://192.0.2.30'],
    credentials: { username: 'monitor', password: '${BMC_PASSWORD}' },
  };
  assert.equal(ipmiEntry.parse(entry).privilege, 'operator');
  assert.equal(ipmiEntry.safeParse({ ...entry, privilege: 'root' }).success, false);
  assert.equal(ipmiEntry.safeParse({ ...entry, cipher_suite: 0 }).success, false);
  assert.equal(ipmiEntry.safeParse({ ...entry, addresses: ['https://192.0.2.30'] }).success, false);
});

interface SetUp {
  readonly sim: IpmiSim;
  readonly session: Session;
  readonly open: () => Session;
}

async function setUp(t: test.TestContext, credentials: { username?: string; password?: string } = {}): Promise<SetUp> {
  const history = new Board({ name: 'x', clock: systemClock, username: '', password: '', sel: {}, restartMs: 0 });
  liveThrough(history);
  const sim = await startIpmiSim(history.sel.records);
  const memory = new RememberingMemory();
  const opened: Session[] = [];
  const open = () => {
    const session = openSession({ address: sim.address, memory, ...credentials });
    opened.push(session);
    return session;
  };
  t.after(() => Promise.allSettled([...opened.map(session => session.close()), sim.close()]));
  return { sim, session: open(), open };
}

interface Opening {
  readonly address: string;
  readonly memory?: RememberingMemory;
  readonly username?: string;
  readonly password?: string;
  readonly ipmitool?: string;
}

function openSession(opening: Opening): Session {
  const entry: IpmiEntry = {
    name: 'probe7-bmc',
    driver: 'ipmi',
    addresses: [opening.address],
    credentials: {
      username: opening.username ?? IPMI_USER,
      password: secretSource(opening.password ?? IPMI_PASSWORD),
    },
    privilege: 'operator',
    cipher_suite: 3,
    ipmitool: opening.ipmitool ?? 'ipmitool',
  };
  return ipmi.open(entry, bmcTools(opening.memory));
}

/** The simulator's clock begins with the host's uptime. */
async function setClock(sim: IpmiSim, seconds: number): Promise<void> {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(seconds);
  sim.ipmitool('raw', '0x0a', '0x49', ...[...bytes].map(byte => `0x${byte.toString(16)}`));
}
