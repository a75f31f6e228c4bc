import type { LoadedConfig } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { drivers } from '../devices/registry.ts';
import type { Live } from '../http/parts.ts';
import { Observer } from '../observe/observer.ts';
import type { Tally } from '../observe/tally.ts';
import type { Arming } from '../remediate/armed.ts';
import type { Remediation } from '../remediate/contract.ts';
import type { Store } from '../store/contract.ts';
import { arm } from './arming.ts';
import { closeFleet, type Fleet, openFleet } from './fleet.ts';

export interface InForceTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly tally: Tally;
}

/** A configuration brought to life: its devices' sessions, their collectors, and what remediation may do. */
export class InForce {
  readonly loaded: LoadedConfig;
  readonly fleet: Fleet;
  readonly observer: Observer;
  readonly arming: Arming;

  constructor(loaded: LoadedConfig, tools: InForceTools) {
    this.loaded = loaded;
    this.fleet = openFleet(loaded.config.devices, drivers, tools);
    this.observer = new Observer([...this.fleet.values()], tools);
    this.arming = arm(loaded.config, this.fleet);
  }

  /** What HTTP shows of it. */
  live(remediation: Remediation): Live {
    const { config, redacted } = this.loaded;
    const { scrapeToken, webhookToken, operatorToken } = config.server;
    const tokens = {
      ...(scrapeToken && { scrape: scrapeToken }),
      ...(webhookToken && { webhook: webhookToken }),
      ...(operatorToken && { operator: operatorToken }),
    };
    const devices = config.devices.map(entry => ({
      name: entry.name,
      driver: entry.driver,
      addresses: entry.addresses,
      remedies: [...(this.fleet.get(entry.name)?.remedies.keys() ?? [])],
      config: entry,
    }));
    return { observer: this.observer, remediation, devices, tokens, config: redacted };
  }

  async close(): Promise<void> {
    this.observer.background.stop();
    await closeFleet(this.fleet);
  }
}
