import assert from 'node:assert/strict';
import test from 'node:test';
import { startProbeBoard, startRedfishBoard } from '../../../../src/simulators/bmc/fleet.ts';

for (const [start, driver] of [
  [startProbeBoard, 'supermicro'],
  [startRedfishBoard, 'redfish'],
] as const) {
  test(`the ${driver} board of the fleet takes orders, and refuses those that make no sense`, async t => {
    const device = await start('board');
    t.after(() => device.close());
    assert.equal(device.driver, driver);
    assert.deepEqual(device.makeTrouble({ kind: 'pci-error', error: 'fatal' }), { id: 18 });
    assert.deepEqual(device.makeTrouble({ kind: 'event', event: 'ac-power-on' }), { id: 19 });
    const { entries, hung, power } = device.describe();
    assert.deepEqual({ entries, hung, power }, { entries: 19, hung: true, power: 'on' });
    assert.deepEqual(device.makeTrouble({ kind: 'clear-log' }), { id: 1 });
    assert.throws(() => device.makeTrouble({ kind: 'pci-error', bus: 999 }), /bus/);
    assert.throws(() => device.makeTrouble({ kind: 'flood' }), /kind/);
    assert.throws(() => device.orderFault({ kind: 'slow' }), /ms/);
    assert.deepEqual(device.calls(), []);
  });
}

test('the files that a client needs go with the entry that names them', async t => {
  const device = await startRedfishBoard('board');
  t.after(() => device.close());
  const entry = JSON.stringify(device.entry('/somewhere'));
  for (const { name, text } of device.files) {
    assert.ok(entry.includes(`/somewhere/${name}`), name);
    assert.ok(!entry.includes(text), 'a secret stands in its file only');
  }
});
