import assert from 'node:assert/strict';
import { test } from 'node:test';
import { junosDevice } from '../../../../src/simulators/junos/device.ts';
import { startJunosSimulator } from '../../../../src/simulators/junos/simulator.ts';

test('troubles and faults are ordered as JSON, and what makes no sense is refused', async () => {
  const sim = await startJunosSimulator({ form: 'cluster' });
  const device = junosDevice(sim, {});
  try {
    assert.deepEqual(device.makeTrouble({ kind: 'pile-up', sessions: 500 }), { peer: '10.0.0.1', sessions: 506 });
    device.makeTrouble({ kind: 'rekey', peer: '10.0.1.1' });
    assert.equal(device.describe()['sessions'], 120 + 500 + 3);
    device.makeTrouble({ kind: 'peer-down', peer: '10.0.2.1' });
    device.makeTrouble({ kind: 'secondary', state: 'lost' });
    device.makeTrouble({ kind: 'owner', node: 1 });
    assert.deepEqual([device.describe()['secondary'], device.describe()['owner']], ['lost', 'node1']);
    device.makeTrouble({ kind: 'behaviour', renewMs: 0, ikeClear: 'drops-ipsec' });
    assert.equal(sim.srx.behaviour.ikeClear, 'drops-ipsec');
    assert.deepEqual(device.makeTrouble({ kind: 'populate', peers: 2, tunnelsEach: 1 }), { sessions: 4 });
    device.orderFault({ kind: 'slow', ms: 5, command: 'show' });
    device.clearFaults();
    assert.throws(() => device.makeTrouble({ kind: 'flood' }), /no trouble "flood"; known are pile-up/);
    assert.throws(() => device.makeTrouble({ kind: 'rekey', peer: '10.9.9.9' }), /no peer 10\.9\.9\.9/);
    assert.throws(
      () => {
        device.orderFault({ kind: 'earthquake' });
      },
      { name: 'ZodError' },
    );
    assert.throws(
      () => {
        device.orderFault({ kind: 'slow' });
      },
      { name: 'ZodError' },
    );
  } finally {
    await device.close();
  }
});

test('a clear without its argument ends every SA, as the manual says', async () => {
  const { answer } = await import('../../../../src/simulators/junos/answer.ts');
  const { parseOperation } = await import('../../../../src/simulators/junos/command.ts');
  const sim = await startJunosSimulator({ peers: 5 });
  try {
    const before = sim.srx.peers.map(({ cookie }) => cookie);
    const command = parseOperation('<clear-ike-security-association peer-address="10.0.0.1"/>');
    assert.ok(command);
    answer(sim.srx, command, 'netconf', true);
    assert.ok(sim.srx.peers.every(({ cookie }, at) => cookie !== before[at]));
  } finally {
    await sim.close();
  }
});
