import { systemClock } from '../../../src/core/clock.ts';
import type { TestContext } from 'node:test';
import type { Session } from '../../../src/devices/contract.ts';
import type { IpmiEntry } from '../../../src/devices/bmc/ipmi/config.ts';
import { ipmi } from '../../../src/devices/bmc/ipmi/driver.ts';
import { Board, liveThrough } from '../../../src/simulators/bmc/board.ts';
import { IPMI_PASSWORD, IPMI_USER, IPMITOOL, startIpmiSim, type IpmiSim } from './ipmi-sim.ts';
import { bmcTools, RememberingMemory, secretSource } from './tools.ts';

/** Add SEL Entry with a PCI SERR at 80:02.2; the BMC sets id and time. */
export const SERR_RAW = [
  '0x0a',
  '0x44',
  '0',
  '0',
  '2',
  '0',
  '0',
  '0',
  '0',
  '0x33',
  '0',
  '4',
  '0x13',
  '0',
  '0x6f',
  '0xa5',
  '0x80',
  '0x12',
];

export interface IpmiBench {
  readonly sim: IpmiSim;
  readonly session: Session;
  readonly open: () => Session;
}

/** A real BMC with the history of a choking probe, and a session to it. */
export async function ipmiBench(
  t: TestContext,
  credentials: { username?: string; password?: string } = {},
): Promise<IpmiBench> {
  const history = new Board({ name: 'x', clock: systemClock, username: '', password: '', sel: {}, restartMs: 0 });
  liveThrough(history);
  const sim = await startIpmiSim(history.sel.records);
  const memory = new RememberingMemory();
  const opened: Session[] = [];
  const open = () => {
    const session = openIpmi({ address: sim.address, memory, ...credentials });
    opened.push(session);
    return session;
  };
  t.after(() => Promise.allSettled([...opened.map(session => session.close()), sim.close()]));
  return { sim, session: open(), open };
}

export interface Opening {
  readonly address: string;
  readonly memory?: RememberingMemory;
  readonly username?: string;
  readonly password?: string;
  readonly ipmitool?: string;
}

export function openIpmi(opening: Opening): Session {
  const entry: IpmiEntry = {
    name: 'probe7-bmc',
    driver: 'ipmi',
    addresses: [opening.address],
    credentials: {
      username: opening.username ?? IPMI_USER,
      password: secretSource(opening.password ?? IPMI_PASSWORD),
    },
    privilege: 'operator',
    cipher_suite: 3,
    ipmitool: opening.ipmitool ?? IPMITOOL,
  };
  return ipmi.open(entry, bmcTools(opening.memory));
}
