import { join } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { SimulatedDevice } from '../device.ts';
import type { CallRecord } from './call-log.ts';
import { FaultOrder } from './faults.ts';
import type { JunosSimulator } from './simulator.ts';
import { makeTrouble } from './troubles.ts';

/** A simulated SRX as a member of a fleet. `ah` are the thresholds of its entry. */
export function junosDevice(
  simulator: JunosSimulator,
  ah: JsonObject,
  scheme: 'ssh' | 'netconf' = 'ssh',
): SimulatedDevice {
  const { name, srx } = simulator;
  const keyFile = `${name}.key`;
  const addresses = [`${scheme}://127.0.0.1:${simulator.port}`];
  return {
    name,
    driver: 'junos',
    addresses,
    files: [{ name: keyFile, text: simulator.privateKey }],
    entry: folder => ({
      name,
      driver: 'junos',
      addresses,
      credentials: { username: simulator.username, private_key_file: join(folder, keyFile) },
      host_key_sha256: simulator.hostKeySha256,
      ah,
    }),
    describe: () => ({
      form: srx.form,
      release: srx.release,
      hostKey: simulator.hostKeySha256,
      behaviour: { ...srx.behaviour },
      connections: { ...simulator.connections() },
      peers: srx.peers.length,
      sessions: srx.sessions,
      ...(srx.form === 'cluster' ? { owner: `node${srx.owner}`, secondary: srx.secondary } : {}),
    }),
    orderFault: order => {
      simulator.fault(FaultOrder.parse(order));
    },
    clearFaults: () => {
      simulator.clearFaults();
    },
    makeTrouble: order => makeTrouble(srx, order),
    calls: () => simulator.log().map(asJson),
    close: () => simulator.close(),
  };
}

function asJson({ fault, ...rest }: Readonly<CallRecord>): JsonObject {
  return { ...rest, ...(fault === undefined ? {} : { fault }) };
}
