import assert from 'node:assert/strict';
import test from 'node:test';
import { DeviceUnreachable, PartialResult } from '../../../../../src/core/errors.ts';
import { power } from '../../../../../src/devices/bmc/collectors/power.ts';
import { redfish } from '../../../../../src/devices/bmc/redfish/driver.ts';
import { collected } from '../../../../support/bmc/samples.ts';
import { redfishBench } from '../../../../support/bmc/redfish.ts';

test('the power of the host is told, on and off', async t => {
  const { simulator, session } = await redfishBench(t, { restartMs: 60_000 });
  assert.ok((await collected(redfish, session, power.name)).includes('bmc_power_on 1'));
  simulator.board.reset('power-cycle');
  assert.ok((await collected(redfish, session, power.name)).includes('bmc_power_on 0'));
});

test('a power state that is not known is no sample', async t => {
  const { simulator, session } = await redfishBench(t);
  await collected(redfish, session, power.name);
  const body = JSON.stringify({ Manufacturer: 'Supermicro', PowerState: 'Sideways' });
  simulator.server.faults.order({ kind: 'status', status: 200, body, call: 'GET /redfish/v1/Systems/1' });
  await assert.rejects(collected(redfish, session, power.name), /PowerState is "Sideways"/);
});

test('when the BMC is away, what is known of the logins is still told', async t => {
  const { simulator, session } = await redfishBench(t);
  await collected(redfish, session, power.name);
  await simulator.close();
  await assert.rejects(collected(redfish, session, power.name), (error: unknown) => {
    assert(error instanceof PartialResult);
    assert(error.errors[0] instanceof DeviceUnreachable);
    assert.deepEqual(
      error.samples.map(({ metric, value }) => [metric.name, value]),
      [
        ['bmc_logins_total', 1],
        ['bmc_login_refused', 0],
      ],
    );
    return true;
  });
});
