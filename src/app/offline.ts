import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { Bus } from '../core/bus.ts';
import { systemClock } from '../core/clock.ts';
import { Refusal } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { parseStoreUrl } from '../core/store-url.ts';
import { drivers } from '../devices/registry.ts';
import type { Remediation } from '../remediate/contract.ts';
import { Remediator } from '../remediate/remediator.ts';
import type { Store } from '../store/contract.ts';
import { openStore } from '../store/open.ts';
import { arm } from './arming.ts';
import { closeFleet, type Fleet, openFleet } from './fleet.ts';
import { serviceLog } from './log.ts';

/** Works with one device's session beside, or without, a running service; closes it afterwards. */
export async function withFleet<T>(
  config: Config,
  deviceName: string,
  work: (fleet: Fleet, log: Log, store: Store) => Promise<T>,
  stderr: NodeJS.WritableStream,
): Promise<T> {
  const entries = config.devices.filter(entry => entry.name === deviceName);
  if (entries.length === 0) {
    const known = config.devices.map(entry => entry.name).join(', ');
    throw new Refusal('unknown-device', `device ${deviceName} is not configured; known: ${known || 'none'}`);
  }
  const log = serviceLog('warn', stderr);
  const store = await openForReading(config.store);
  const fleet = openFleet(entries, drivers, { clock: systemClock, log, store });
  try {
    return await work(fleet, log, store);
  } finally {
    await closeFleet(fleet);
    await store.close();
  }
}

/** Asks remediation for a preview without a running service. Nothing is written. */
export async function withRemediation<T>(
  config: Config,
  deviceName: string,
  work: (remediation: Remediation) => Promise<T>,
  stderr: NodeJS.WritableStream,
): Promise<T> {
  return withFleet(
    config,
    deviceName,
    (fleet, log, store) => {
      const bus = new Bus(error => log.error({ err: error }, 'a watcher failed'));
      return work(new Remediator({ clock: systemClock, store, bus, log, armed: () => arm(config, fleet) }));
    },
    stderr,
  );
}

/** The ledger beside a running service, or an empty one where there is none yet. */
async function openForReading(url: string): Promise<Store> {
  const place = parseStoreUrl(url);
  const exists = place.kind === 'file' && existsSync(place.path);
  return exists ? openStore(url, { readOnly: true }) : openStore('sqlite::memory:');
}
