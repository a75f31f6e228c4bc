import assert from 'node:assert/strict';
import test from 'node:test';
import { collectors } from '../../../../../src/devices/bmc/collectors/index.ts';
import { eventLog } from '../../../../../src/devices/bmc/collectors/event-log.ts';
import { supermicro } from '../../../../../src/devices/bmc/cgi/driver.ts';
import { ipmi } from '../../../../../src/devices/bmc/ipmi/driver.ts';
import { redfish } from '../../../../../src/devices/bmc/redfish/driver.ts';
import type { Session } from '../../../../../src/devices/contract.ts';
import { pciErrorBytes } from '../../../../../src/simulators/bmc/event-bytes.ts';
import { Sel } from '../../../../../src/simulators/bmc/sel.ts';
import { cgiBench } from '../../../../support/bmc/cgi.ts';
import { ipmiMissing, startIpmiSim } from '../../../../support/bmc/ipmi-sim.ts';
import { openIpmi } from '../../../../support/bmc/ipmi.ts';
import { redfishBench } from '../../../../support/bmc/redfish.ts';
import { collected, counted } from '../../../../support/bmc/samples.ts';

const ENTRIES = 4_096;

test('all three drivers have the same collectors', () => {
  for (const driver of [supermicro, redfish, ipmi]) assert.deepEqual(driver.collectors, collectors);
});

test('what never came is counted as 0, so that the first one is an increase', async t => {
  const { simulator, session } = await redfishBench(t);
  simulator.board.sel.clear(1_600_000_000);
  const lines = await collected(redfish, session, 'event-log');
  assert.ok(lines.includes('bmc_sel_events_total{kind="pci-error"} 0'));
  assert.ok(lines.includes('bmc_sel_pci_errors_total{error="serr",bus="",device_function=""} 0'));
  assert.ok(!lines.some(line => line.startsWith('bmc_sel_last_event_timestamp_seconds')), 'no time of what never came');
  assert.ok(!lines.some(line => line.startsWith('bmc_sel_overflow')), 'Redfish does not tell of an overflow');
});

test('every sample is of a metric that the collector declares, with its labels', async t => {
  const { session } = await redfishBench(t);
  const samples = await eventLog.collect(
    session as Parameters<typeof eventLog.collect>[0],
    new AbortController().signal,
  );
  for (const { metric, labels } of samples) {
    assert.ok(eventLog.metrics.includes(metric));
    assert.deepEqual(Object.keys(labels), metric.labels);
  }
});

test('who gives up leaves the look to the next, and nothing is read twice', async t => {
  const { simulator, session } = await redfishBench(t);
  simulator.server.faults.order({ kind: 'slow', ms: 200, call: 'GET /redfish/v1/Systems/1/LogServices/Log1/Entries' });
  const collector = eventLog.collect(session as Parameters<typeof eventLog.collect>[0], AbortSignal.timeout(100));
  await assert.rejects(collector, /timeout/i);
  assert.ok((await counted(redfish, session, 'event-log')).includes('bmc_sel_entries 17'));
  const reads = simulator.server.calls.filter(({ call }) => call.endsWith('/Log1/Entries'));
  assert.equal(reads.length, 1);
});

test('4,096 entries over the web pages take less than a second of processor time', async t => {
  const { simulator, session } = await cgiBench(t, {
    generation: 'x11',
    recordsShown: ENTRIES,
    sel: { capacity: ENTRIES },
  });
  fill(simulator.board.sel);
  await costsLessThanASecond(t, () => counted(supermicro, session, 'event-log'));
});

test('4,096 entries over Redfish take less than a second of processor time', async t => {
  const { simulator, session } = await redfishBench(t, { sel: { capacity: ENTRIES } });
  fill(simulator.board.sel);
  await costsLessThanASecond(t, () => counted(redfish, session, 'event-log'));
});

test(
  '4,096 entries over IPMI take less than a second of processor time',
  { skip: ipmiMissing, timeout: 120_000 },
  async t => {
    const sel = new Sel({ capacity: ENTRIES });
    fill(sel);
    const sim = await startIpmiSim(sel.records, ENTRIES);
    const session: Session = openIpmi({ address: sim.address });
    t.after(() => Promise.allSettled([session.close(), sim.close()]));
    await costsLessThanASecond(t, () => counted(ipmi, session, 'event-log'));
  },
);

/** Fills what room is left with errors, each a second after the one before. */
function fill(sel: Sel): void {
  for (let at = sel.records.length; at < ENTRIES; at += 1) {
    sel.append(pciErrorBytes('serr', { bus: at % 200, device: at % 32, function: at % 8 }), 1_600_000_000 + at);
  }
}

/** Processor time of this process, which for web pages and Redfish holds the simulator's too. */
async function costsLessThanASecond(t: test.TestContext, read: () => Promise<readonly string[]>): Promise<void> {
  const before = process.cpuUsage();
  const lines = await read();
  const { user, system } = process.cpuUsage(before);
  t.diagnostic(`${Math.round((user + system) / 1_000)} ms of processor time`);
  assert.ok(lines.includes(`bmc_sel_entries ${ENTRIES}`));
  assert.ok(user + system < 1_000_000, `${user + system} µs`);
}
