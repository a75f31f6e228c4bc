import type { Config } from '../config/config.ts';
import type { Arming } from '../remediate/armed.ts';
import type { Fleet } from './fleet.ts';

/** What remediation may do under this configuration. */
export function arm(config: Config, fleet: Fleet): Arming {
  return { devices: fleet, policies: config.policies, guards: config.guards };
}
