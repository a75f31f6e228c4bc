import type { TestContext } from 'node:test';
import type { Session } from '../../../src/devices/contract.ts';
import type { SupermicroEntry } from '../../../src/devices/bmc/cgi/config.ts';
import { supermicro } from '../../../src/devices/bmc/cgi/driver.ts';
import { liveThrough } from '../../../src/simulators/bmc/board.ts';
import {
  startCgiSimulator,
  type CgiSimulator,
  type CgiSimulatorOptions,
} from '../../../src/simulators/bmc/cgi/simulator.ts';
import type { ManualClock } from '../manual-clock.ts';
import { bmcTools, RememberingMemory, secretSource } from './tools.ts';

export interface CgiBench {
  readonly simulator: CgiSimulator;
  readonly session: Session;
  /** Another session on the same memory, as after a restart. */
  readonly open: () => Session;
}

/** A simulated BMC with the history of a choking probe, and a session to it. */
export async function cgiBench(
  t: TestContext,
  options: CgiSimulatorOptions,
  memory = new RememberingMemory(),
  change: { readonly password?: string; readonly clock?: ManualClock; readonly login_form?: 'auto' } = {},
): Promise<CgiBench> {
  const simulator = await startCgiSimulator(options);
  liveThrough(simulator.board);
  const entry: SupermicroEntry = {
    name: 'probe7-bmc',
    driver: 'supermicro',
    addresses: [simulator.address],
    credentials: {
      username: simulator.board.username,
      password: secretSource(change.password ?? simulator.board.password),
    },
    tls: simulator.caPem === undefined ? { kind: 'public' } : { kind: 'ca', file: secretSource(simulator.caPem) },
    insecure_plain_http: options.plainHttp ?? false,
    login_form: change.login_form ?? (options.generation === 'x11' ? 'base64' : 'plain'),
  };
  const open = () => supermicro.open(entry, bmcTools(memory, change.clock));
  const session = open();
  t.after(() => Promise.allSettled([session.close(), simulator.close()]));
  return { simulator, session, open };
}
