import type { Clock } from '../core/clock.ts';
import type { Json } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import type { AnyDriver, DeviceEntry, DeviceMemory, Remedy, Session } from '../devices/contract.ts';
import type { ObservedDevice } from '../observe/observed-device.ts';
import type { ArmedDevice } from '../remediate/armed.ts';
import type { Store } from '../store/contract.ts';

/** A configured device with its session: one, shared by collectors and remedies. */
export interface FleetDevice extends ArmedDevice, ObservedDevice {
  readonly addresses: readonly string[];
}

/** The configured devices, by name, in the order of the configuration. */
export type Fleet = ReadonlyMap<string, FleetDevice>;

interface FleetTools {
  readonly clock: Clock;
  readonly log: Log;
  /** Where devices' memories are kept. */
  readonly store: MemoryStore;
}

/** The part of a store that devices' memories need. */
export type MemoryStore = Pick<Store, 'recall' | 'remember'>;

/** Gives every configured device its session. Nothing is sent before somebody asks. */
export function openFleet(entries: readonly DeviceEntry[], drivers: readonly AnyDriver[], tools: FleetTools): Fleet {
  return new Map(entries.map(entry => [entry.name, openDevice(entry, driverOf(entry, drivers), tools)]));
}

/** Closes every session. One that fails to close does not keep the others open. */
export async function closeFleet(fleet: Fleet): Promise<void> {
  await Promise.allSettled([...fleet.values()].map(device => device.session.close()));
}

function openDevice(entry: DeviceEntry, driver: AnyDriver, tools: FleetTools): FleetDevice {
  const { clock, log } = tools;
  const session = driver.open(entry, { clock, log, memory: memoryOf(entry.name, tools.store) });
  const remedies = new Map<string, Remedy<Session>>(driver.remedies.map(remedy => [remedy.name, remedy]));
  const { name, addresses } = entry;
  return { name, driver: driver.name, addresses, session, collectors: driver.collectors, remedies };
}

function driverOf(entry: DeviceEntry, drivers: readonly AnyDriver[]): AnyDriver {
  const driver = drivers.find(candidate => candidate.name === entry.driver);
  if (!driver) throw new TypeError(`no driver ${entry.driver}: the configuration was not checked`);
  return driver;
}

function memoryOf(device: string, store: MemoryStore): DeviceMemory {
  return {
    get: key => store.recall(device, key),
    put: (key, value: Json) => store.remember(device, key, value),
  };
}
