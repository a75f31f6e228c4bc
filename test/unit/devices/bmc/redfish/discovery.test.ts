import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { DeviceRefused, DeviceSurprise } from '../../../../../src/core/errors.ts';
import { redfishEntry, type RedfishEntry } from '../../../../../src/devices/bmc/redfish/config.ts';
import { discover, type Read } from '../../../../../src/devices/bmc/redfish/discovery.ts';
import { sharedDir, sharedMissing } from '../../../../support/shared.ts';

const shared = sharedDir();
const skip = shared === undefined && sharedMissing;
const link = (path: string) => ({ '@odata.id': path });

test(
  'on a recorded Supermicro X13 the health log is taken, and not the audit log of the same id',
  { skip },
  async () => {
    const layout = await discover(entry(), recorded('supermicro-x13'));
    assert.equal(layout.eventLog.entries, '/redfish/v1/Systems/1/LogServices/Log1/Entries');
    assert.equal(layout.system, '/redfish/v1/Systems/1');
    assert.equal(layout.maker, 'supermicro');
    assert.deepEqual(layout.managers, ['/redfish/v1/Managers/1']);
  },
);

test('on a recorded iDRAC9 the SEL is taken from the manager', { skip }, async () => {
  const systems = { Members: [link('/redfish/v1/Systems/System.Embedded.1')] };
  const layout = await discover(entry(), recorded('dell-idrac9', { '/redfish/v1/Systems': systems }));
  assert.equal(layout.eventLog.entries, '/redfish/v1/Managers/iDRAC.Embedded.1/LogServices/Sel/Entries');
  assert.deepEqual(
    layout.logs.map(log => log.service.Id),
    ['Sel', 'Lclog'],
  );
  assert.equal(layout.maker, 'dell');
});

test('on a recorded iLO 5 the integrated management log is taken', { skip }, async () => {
  const layout = await discover(
    entry(),
    recorded('hpe-ilo5', {
      '/redfish/v1/Systems': { Members: [link('/redfish/v1/Systems/1')] },
      '/redfish/v1/Systems/1/LogServices': { Members: [link('/redfish/v1/Systems/1/LogServices/IML')] },
      '/redfish/v1/Managers/1/LogServices': { Members: [link('/redfish/v1/Managers/1/LogServices/IEL')] },
    }),
  );
  assert.equal(layout.eventLog.entries, '/redfish/v1/Systems/1/LogServices/IML/Entries');
});

const SEVERAL = { '/redfish/v1/Systems': { Members: [link('/redfish/v1/Systems/1'), link('/redfish/v1/Systems/2')] } };

test('where a BMC serves several systems, one must be named', { skip }, async () => {
  await assert.rejects(discover(entry(), recorded('supermicro-x13', SEVERAL)), (error: unknown) => {
    assert(error instanceof DeviceSurprise);
    assert.match(error.message, /serves \/redfish\/v1\/Systems\/1, \/redfish\/v1\/Systems\/2; name one with system:/);
    return true;
  });
  const named = await discover(entry({ system: '1' }), recorded('supermicro-x13', SEVERAL));
  assert.equal(named.system, '/redfish/v1/Systems/1');
  await assert.rejects(
    discover(entry({ system: '3' }), recorded('supermicro-x13', SEVERAL)),
    /none of them is the one under system:/,
  );
});

test('a BMC without any log of hardware events is told with what it has', { skip }, async () => {
  const audit = { Id: 'Audit', LogEntryType: 'OEM', Entries: link('/redfish/v1/x') };
  const read = recorded('supermicro-x13', { '/redfish/v1/Systems/1/LogServices/Log1': audit });
  await assert.rejects(discover(entry(), read), /no log of hardware events among Audit/);
});

function entry(change: Partial<RedfishEntry> = {}): RedfishEntry {
  const credentials = { username: 'monitor', password_file: 'secrets/bmc.pw' };
  return {
    ...redfishEntry.parse({ name: 'bmc', driver: 'redfish', addresses: ['https://192.0.2.30'], credentials }),
    ...change,
  };
}

/** Reads recorded resources; what was not recorded is answered as a BMC answers what it does not have. */
function recorded(folder: string, more: Readonly<Record<string, unknown>> = {}): Read {
  const root = {
    Systems: link('/redfish/v1/Systems'),
    Managers: link('/redfish/v1/Managers'),
    Chassis: link('/redfish/v1/Chassis'),
  };
  return async (path, schema) => {
    const given = path === '/redfish/v1/' ? root : more[path];
    return schema.parse(given ?? fromFile(folder, path));
  };
}

function fromFile(folder: string, path: string): unknown {
  const parts = path.replace('/redfish/v1/', '').split('/');
  const names = [parts.join('_'), parts.slice(1).join('_'), parts.at(-1)].map(name => `${name}.json`);
  const file = names.map(name => join(shared ?? '', 'device-outputs/bmc/redfish', folder, name)).find(existsSync);
  if (file !== undefined) return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  throw new DeviceRefused({ device: 'bmc', tried: `GET ${path}`, found: 'status 404', why: 'denied' });
}
