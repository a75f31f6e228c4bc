import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { supermicro } from '../../../../../src/devices/bmc/cgi/driver.ts';
import { ipmi } from '../../../../../src/devices/bmc/ipmi/driver.ts';
import { cgiBench } from '../../../../support/bmc/cgi.ts';
import { ipmiMissing } from '../../../../support/bmc/ipmi-sim.ts';
import { ipmiBench, SERR_RAW } from '../../../../support/bmc/ipmi.ts';
import { RemedyRun } from '../../../../support/bmc/remedy-run.ts';
import { collected } from '../../../../support/bmc/samples.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

for (const generation of ['x10', 'x11'] as const) {
  test(`${generation}: evidence over the web pages is kept as it came, and no reset is offered`, async t => {
    const { simulator, session } = await cgiBench(t, { generation });
    const directory = temporaryFolder(t);
    await collected(supermicro, session, 'event-log');
    simulator.board.failPci('serr', { bus: 0x80, device: 2, function: 2 });
    const run = new RemedyRun(supermicro.remedies, 'bmc/collect-evidence', session, { directory });
    const plan = await run.plan();
    const verdict = await run.verify(plan, await run.apply(plan));
    assert.equal(verdict.proven, true);
    const folder = onlyFolder(directory);
    const health = generation === 'x11' ? 'SYS_HEALTH.XML' : 'SENSOR_INFO_FOR_SYS_HEALTH.XML';
    for (const name of ['SEL_INFO.XML', 'POWER_INFO.XML', 'GENERIC_INFO.XML', health]) {
      assert.match(readFileSync(join(folder, name), 'utf8'), /<IPMI>/, name);
    }
    const found = await new RemedyRun(supermicro.remedies, 'bmc/reset', session, {}).propose();
    assert(found instanceof Error);
    assert.equal(found.message, 'probe7-bmc does not offer nmi; it offers no reset over this driver');
  });
}

test(
  'over IPMI the raw log is kept, and a power cycle reaches a real BMC’s host once',
  { skip: ipmiMissing },
  async t => {
    const { sim, session } = await ipmiBench(t);
    const directory = temporaryFolder(t);
    await collected(ipmi, session, 'event-log');
    sim.ipmitool('raw', ...SERR_RAW);
    const collecting = new RemedyRun(ipmi.remedies, 'bmc/collect-evidence', session, { directory });
    const plan = await collecting.plan();
    const kept = await collecting.verify(plan, await collecting.apply(plan));
    assert.equal(kept.proven, true);
    const folder = onlyFolder(directory);
    assert.equal(readFileSync(join(folder, 'sel.bin')).length, 18 * 16);
    assert.match(readFileSync(join(folder, 'sel-list.txt'), 'utf8'), /PCI SERR/);
    const resetting = new RemedyRun(ipmi.remedies, 'bmc/reset', session, { action: 'power-cycle' });
    const cycle = await resetting.plan();
    assert.deepEqual(cycle.actions[0]?.calls, ['Chassis Control 02h (power-cycle)']);
    const verdict = await resetting.verify(cycle, await resetting.apply(cycle));
    assert.equal(verdict.effect, 'effective');
    assert.deepEqual(sim.chassisCalls(), ['set power 0', 'set power 1']);
    assert.equal(await resetting.objection(), 'not-needed');
  },
);

test('a control that the BMC refuses is told with its completion code', { skip: ipmiMissing }, async t => {
  const { sim, session } = await ipmiBench(t);
  const directory = temporaryFolder(t);
  await collected(ipmi, session, 'event-log');
  sim.ipmitool('raw', ...SERR_RAW);
  const collecting = new RemedyRun(ipmi.remedies, 'bmc/collect-evidence', session, { directory });
  await collecting.apply(await collecting.plan());
  const resetting = new RemedyRun(ipmi.remedies, 'bmc/reset', session, {});
  const plan = await resetting.plan();
  await assert.rejects(
    resetting.apply(plan),
    /Chassis Control \(nmi\): the BMC answered cch, Invalid data field in request/,
  );
  assert.equal((await resetting.recall(plan)).found, 'not-done');
});

function onlyFolder(directory: string): string {
  const [name, ...rest] = readdirSync(join(directory, 'probe7-bmc'));
  assert(name !== undefined && rest.length === 0);
  return join(directory, 'probe7-bmc', name);
}
