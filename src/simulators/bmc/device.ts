import { join } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import type { SimulatedDevice } from '../device.ts';
import type { Board } from './board.ts';
import { FaultOrder } from './faults.ts';
import { makeTrouble } from './trouble.ts';
import type { WebServer } from './web-server.ts';

interface Simulator {
  readonly board: Board;
  readonly server: WebServer;
  readonly address: string;
  readonly caPem: string | undefined;
  close(): Promise<void>;
}

/** A simulated BMC as a member of a fleet. `keys` are those that its driver needs besides the common ones. */
export function bmcDevice(simulator: Simulator, driver: string, keys: JsonObject = {}): SimulatedDevice {
  const { board, server, address, caPem } = simulator;
  const { name } = board;
  const passwordFile = `${name}.password`;
  const authorityFile = `${name}-ca.pem`;
  return {
    name,
    driver,
    addresses: [address],
    files: [
      { name: passwordFile, text: board.password },
      ...(caPem === undefined ? [] : [{ name: authorityFile, text: caPem }]),
    ],
    entry: folder => ({
      name,
      driver,
      addresses: [address],
      credentials: { username: board.username, password_file: join(folder, passwordFile) },
      ...(caPem === undefined ? {} : { tls: { ca_file: join(folder, authorityFile) } }),
      ...keys,
    }),
    describe: () => ({
      power: board.powerOn ? 'on' : 'off',
      hung: board.hung,
      entries: board.sel.records.length,
      logins: board.logins,
      failedLogins: board.failedLogins,
      resets: board.resets.map(({ at, kind }) => ({ at, kind })),
    }),
    orderFault: order => server.faults.order(FaultOrder.parse(order)),
    clearFaults: () => server.faults.clear(),
    makeTrouble: order => makeTrouble(board, order),
    calls: () => server.calls.map(({ fault, ...call }) => ({ ...call, ...(fault === undefined ? {} : { fault }) })),
    close: () => simulator.close(),
  };
}
