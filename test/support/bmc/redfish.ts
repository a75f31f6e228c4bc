import type { TestContext } from 'node:test';
import type { Clock } from '../../../src/core/clock.ts';
import type { Session } from '../../../src/devices/contract.ts';
import { redfish } from '../../../src/devices/bmc/redfish/driver.ts';
import type { RedfishEntry } from '../../../src/devices/bmc/redfish/config.ts';
import { liveThrough } from '../../../src/simulators/bmc/board.ts';
import {
  startRedfishSimulator,
  type RedfishSimulator,
  type RedfishSimulatorOptions,
} from '../../../src/simulators/bmc/redfish/simulator.ts';
import { bmcTools, RememberingMemory, secretSource } from './tools.ts';

export interface RedfishBench {
  readonly simulator: RedfishSimulator;
  readonly memory: RememberingMemory;
  readonly session: Session;
  /** Another session on the same memory, as after a restart. */
  readonly open: () => Session;
}

/** A simulated BMC with the history of a choking probe, and a session to it. */
export async function redfishBench(
  t: TestContext,
  options: RedfishSimulatorOptions = {},
  change: { readonly password?: string; readonly clock?: Clock } = {},
): Promise<RedfishBench> {
  const simulator = await startRedfishSimulator(options);
  liveThrough(simulator.board);
  const memory = new RememberingMemory();
  const opened: Session[] = [];
  const open = () => {
    const session = openRedfish(simulator, memory, change);
    opened.push(session);
    return session;
  };
  t.after(() => Promise.allSettled([...opened.map(session => session.close()), simulator.close()]));
  return { simulator, memory, session: open(), open };
}

export function openRedfish(
  simulator: RedfishSimulator,
  memory = new RememberingMemory(),
  change: { readonly password?: string; readonly clock?: Clock } = {},
): Session {
  const entry: RedfishEntry = {
    name: 'probe7-bmc',
    driver: 'redfish',
    addresses: [simulator.address],
    credentials: {
      username: simulator.board.username,
      password: secretSource(change.password ?? simulator.board.password),
    },
    tls: { kind: 'ca', file: secretSource(simulator.caPem) },
  };
  return redfish.open(entry, bmcTools(memory, change.clock));
}
