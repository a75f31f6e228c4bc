import { join } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { SimulatedDevice } from '../device.ts';
import type { CallRecord } from './call-log.ts';
import { FaultOrder } from './faults.ts';
import type { PanosSimulator } from './simulator.ts';
import type { Member } from './state/member.ts';
import type { PanosState } from './state/state.ts';

/** A simulated firewall as a member of a fleet. `more`: further keys of its entry. */
export function panosDevice(simulator: PanosSimulator, more: JsonObject = {}): SimulatedDevice {
  const { name, addresses, state } = simulator;
  const keyFile = `${name}.key`;
  const authorityFile = `${name}-ca.pem`;
  return {
    name,
    driver: 'panos',
    addresses,
    files: [
      { name: keyFile, text: simulator.apiKey },
      { name: authorityFile, text: simulator.caPem },
    ],
    entry: folder => ({
      name,
      driver: 'panos',
      addresses,
      credentials: { api_key_file: join(folder, keyFile) },
      tls: { ca_file: join(folder, authorityFile) },
      ...more,
    }),
    describe: () => {
      state.advance();
      return {
        model: state.platform.model,
        version: state.platform.version,
        fingerprints: simulator.fingerprints,
        behaviour: { ...state.behaviour },
        members: state.members.map(member => describeMember(state, member)),
      };
    },
    orderFault: order => void simulator.fault(FaultOrder.parse(order)),
    clearFaults: () => simulator.clearFaults(),
    makeTrouble: order => simulator.trouble(order),
    calls: () => simulator.log().map(asJson),
    close: () => simulator.close(),
  };
}

function describeMember(state: PanosState, member: Member): JsonObject {
  return {
    name: member.name,
    state: member.haState ?? 'standalone',
    up: member.downUntil === undefined,
    sessions: state.sessions(member).length,
    tagged: {
      addresses: member.registeredAddresses.size(state.now()),
      users: member.registeredUsers.size(state.now()),
    },
    pendingChanges: member.configuration.pending.length,
    dataplanes: member.dataplanes.map(dataplane => {
      const { packetBuffer, onChipDescriptor } = state.load(member, dataplane);
      return { name: dataplane.name, packetBuffer: round(packetBuffer), onChipDescriptor: round(onChipDescriptor) };
    }),
  };
}

// Percent with one decimal: shares that were divided do not add up to a round number.
function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}

function asJson(record: Readonly<CallRecord>): JsonObject {
  const { status, fault, ...rest } = record;
  return { ...rest, ...(status === undefined ? {} : { status }), ...(fault === undefined ? {} : { fault }) };
}
