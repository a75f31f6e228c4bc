import { supermicro } from './cgi/driver.ts';
import { ipmi } from './ipmi/driver.ts';
import { redfish } from './redfish/driver.ts';

/** The three ways to a BMC, with the same collectors and remedies. */
export const bmcDrivers = [supermicro, redfish, ipmi] as const;
