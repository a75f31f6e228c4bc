import assert from 'node:assert/strict';
import test from 'node:test';
import { DeviceRefused, DeviceUnreachable } from '../../../../../src/core/errors.ts';
import { ipmiEntry } from '../../../../../src/devices/bmc/ipmi/config.ts';
import { ipmi } from '../../../../../src/devices/bmc/ipmi/driver.ts';
import { ipmiMissing, type IpmiSim } from '../../../../support/bmc/ipmi-sim.ts';
import { ipmiBench, openIpmi, SERR_RAW } from '../../../../support/bmc/ipmi.ts';
import { collected, counted } from '../../../../support/bmc/samples.ts';

const skip = ipmiMissing;
const SERR_COUNT = 'bmc_sel_pci_errors_total{error="serr",bus="80",device_function="02.2"}';

test('a real BMC’s log is 4 PCI errors, 6 power-ons, 7 intrusions', { skip }, async t => {
  const { session } = await ipmiBench(t);
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
  assert.equal((await collected(ipmi, session, 'power'))[0], 'bmc_power_on 1');
});

test('new errors, overflow, a clear and ids that begin again are counted right', { skip }, async t => {
  const { sim, session } = await ipmiBench(t);
  const read = () => counted(ipmi, session, 'event-log');
  await read();
  sim.ipmitool('raw', ...SERR_RAW);
  assert.ok((await read()).includes(`${SERR_COUNT} 5`));
  for (let more = 0; more < 2; more += 1) sim.ipmitool('raw', ...SERR_RAW);
  assert.throws(() => sim.ipmitool('raw', ...SERR_RAW), /Out of space/);
  const full = await read();
  assert.ok(full.includes(`${SERR_COUNT} 7`));
  assert.ok(full.includes('bmc_sel_overflow 1'));
  sim.ipmitool('sel', 'clear');
  assert.ok((await read()).includes(`${SERR_COUNT} 7`));
  await setClock(sim, 1_700_000_000);
  sim.ipmitool('raw', ...SERR_RAW);
  const after = await read();
  assert.ok(after.includes(`${SERR_COUNT} 8`));
  assert.ok(after.includes('bmc_sel_entries 1'));
});

test('counts go on where they were after a restart of unclog', { skip }, async t => {
  const { sim, session, open } = await ipmiBench(t);
  await counted(ipmi, session, 'event-log');
  await session.close();
  await setClock(sim, 1_700_000_000);
  sim.ipmitool('raw', ...SERR_RAW);
  const again = open();
  assert.ok((await counted(ipmi, again, 'event-log')).includes(`${SERR_COUNT} 5`));
});

test('an empty log is an answer', { skip }, async t => {
  const { sim, session } = await ipmiBench(t);
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
    const { session } = await ipmiBench(t, credentials);
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
  const { sim, session } = await ipmiBench(t);
  await sim.close();
  await assert.rejects(collected(ipmi, session, 'event-log'), (error: unknown) => {
    assert(error instanceof DeviceUnreachable);
    assert.match(error.message, /probe7-bmc: Get SEL Info: no answer/);
    return true;
  });
});

test('a missing ipmitool is told by name', async t => {
  const session = openIpmi({ address: 'ipmi://127.0.0.1:9', ipmitool: '/nowhere/ipmitool' });
  t.after(() => session.close());
  await assert.rejects(
    collected(ipmi, session, 'event-log'),
    /Get SEL Info: \/nowhere\/ipmitool cannot be run: install it/,
  );
});

test('the password is never an argument', { skip }, async t => {
  const session = openIpmi({ address: 'ipmi://127.0.0.1:9', ipmitool: '/bin/echo' });
  t.after(() => session.close());
  await assert.rejects(collected(ipmi, session, 'event-log'), (error: unknown) => {
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

/** The simulator's clock begins with the host's uptime. */
async function setClock(sim: IpmiSim, seconds: number): Promise<void> {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(seconds);
  sim.ipmitool('raw', '0x0a', '0x49', ...[...bytes].map(byte => `0x${byte.toString(16)}`));
}
