import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { Bus } from '../core/bus.ts';
import { systemClock } from '../core/clock.ts';
import { Refusal } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import { parseStoreUrl } from '../core/store-url.ts';
import type { Target } from '../core/target.ts';
import { drivers } from '../devices/registry.ts';
import { writeExposition } from '../observe/exposition.ts';
import { Observer } from '../observe/observer.ts';
import type { Preview } from '../remediate/contract.ts';
import { Remediator } from '../remediate/remediator.ts';
import type { Store } from '../store/contract.ts';
import { openStore } from '../store/open.ts';
import { arm } from './arming.ts';
import { closeFleet, type Fleet, type MemoryStore, openFleet } from './fleet.ts';
import { serviceLog } from './log.ts';

export type { Preview };

export interface ProbeRequest {
  readonly device: string;
  /** All when absent. */
  readonly collectors?: readonly string[];
  readonly deadlineMs: number;
}

/**
 * One device's metrics as exposition text, read now, beside or without a running service. False when a collector
 * failed; why stands in the log on `stderr`. Throws Refusal for an unknown device or collector, with the known ones.
 */
export async function probeDevice(
  config: Config,
  { device: name, collectors, deadlineMs }: ProbeRequest,
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream,
): Promise<boolean> {
  return withFleet(config, name, stderr, async (fleet, log) => {
    const known = fleet.get(name)?.collectors.map(collector => collector.name) ?? [];
    const unknown = collectors?.find(collector => !known.includes(collector));
    if (unknown !== undefined) {
      throw new Refusal('unknown-collector', `device ${name} has no collector ${unknown}; known: ${known.join(', ')}`);
    }
    const tally = { samplesRejected: () => {}, seriesDropped: () => {} };
    const observer = new Observer([...fleet.values()], { clock: systemClock, log, tally });
    const families = await observer.observe({ deadlineMs, cadenced: 'now', ...(collectors && { collectors }) });
    for await (const chunk of writeExposition(families, 'text')) stdout.write(chunk);
    return observer.status().every(status => status.collectors.every(collector => collector.success !== false));
  });
}

/** What a remedy would do now on the live device, without a running service. Nothing is written or sent. */
export async function previewRemedy(
  config: Config,
  remedy: string,
  device: string,
  target: Target,
  stderr: NodeJS.WritableStream,
): Promise<Preview> {
  return withFleet(config, device, stderr, (fleet, log, store) => {
    const bus = new Bus(error => log.error({ err: error }, 'a watcher failed'));
    const arming = arm(config, fleet);
    return new Remediator({ clock: systemClock, store, bus, log, armed: () => arming }).preview(remedy, device, target);
  });
}

/** Works with one device's session and closes it afterwards. Throws Refusal `unknown-device` with the known names. */
async function withFleet<T>(
  config: Config,
  deviceName: string,
  stderr: NodeJS.WritableStream,
  work: (fleet: Fleet, log: Log, store: Store) => Promise<T>,
): Promise<T> {
  const entries = config.devices.filter(entry => entry.name === deviceName);
  if (entries.length === 0) {
    const known = config.devices.map(entry => entry.name).join(', ');
    throw new Refusal('unknown-device', `device ${deviceName} is not configured; known: ${known || 'none'}`);
  }
  const log = serviceLog('warn', stderr);
  const store = await openForReading(config.store);
  const fleet = openFleet(entries, drivers, { clock: systemClock, log, store: besides(store) });
  try {
    return await work(fleet, log, store);
  } finally {
    await closeFleet(fleet);
    await store.close();
  }
}

/**
 * Devices' memories as the service has them; what a device remembers now is forgotten at the end. A look from the command
 * line must not move the marks that the service counts from.
 */
function besides(store: MemoryStore): MemoryStore {
  const notes = new Map<string, Json>();
  const place = (device: string, key: string) => JSON.stringify([device, key]);
  return {
    recall: async (device, key) => notes.get(place(device, key)) ?? store.recall(device, key),
    remember: async (device, key, value) => void notes.set(place(device, key), value),
  };
}

/** The ledger beside a running service, or an empty one where there is none yet. */
async function openForReading(url: string): Promise<Store> {
  const place = parseStoreUrl(url);
  const exists = place.kind === 'file' && existsSync(place.path);
  return exists ? openStore(url, { readOnly: true }) : openStore('sqlite::memory:');
}
