import { bmcDrivers } from './bmc/index.ts';
import { captures } from './captures/index.ts';
import type { AnyDriver } from './contract.ts';
import { junos } from './junos/index.ts';
import { panos } from './panos/index.ts';

/** Every kind of device that unclog knows. A new one is a folder beside this file and a line here. */
// prettier-ignore
export const drivers: readonly AnyDriver[] = [
  panos,
  junos,
  ...bmcDrivers,
  captures,
];
