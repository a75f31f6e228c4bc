import type { AnyDriver, DeviceEntry } from '../devices/contract.ts';
import { isObject, type Path } from './document.ts';
import { suggestion } from './nearest.ts';
import type { Problems } from './problems.ts';
import { showValue } from './words.ts';

/** A device that passed its driver's schema, and where it stands in the file. */
export interface CheckedDevice {
  readonly entry: DeviceEntry;
  readonly driver: AnyDriver;
  readonly path: Path;
}

/** Checks every entry of `devices:` by the schema of the driver that it names. */
export function checkDevices(
  entries: readonly unknown[],
  drivers: readonly AnyDriver[],
  problems: Problems,
): readonly CheckedDevice[] {
  checkNames(entries, problems);
  return entries.flatMap((entry, index) => {
    const path = ['devices', index];
    const driver = driverOf(entry, path, drivers, problems);
    const checked = driver && problems.check(driver.config, entry, path);
    return driver && checked ? { entry: checked, driver, path } : [];
  });
}

function driverOf(
  entry: unknown,
  path: Path,
  drivers: readonly AnyDriver[],
  problems: Problems,
): AnyDriver | undefined {
  const known = drivers.map(({ name }) => name);
  if (!isObject(entry)) {
    problems.add(path, `found ${showValue(entry)}; a map with name, driver and addresses is expected`);
    return undefined;
  }
  const { driver: name } = entry;
  const driver = drivers.find(candidate => candidate.name === name);
  if (driver) return driver;
  const place = [...path, 'driver'];
  if (name === undefined) problems.add(place, `is missing; known drivers: ${[...known].sort().join(', ')}`);
  else if (typeof name !== 'string') problems.add(place, `found ${showValue(name)}; the name of a driver is expected`);
  else problems.add(place, `unknown driver ${showValue(name)}; ${suggestion(name, known)}`);
  return undefined;
}

function checkNames(entries: readonly unknown[], problems: Problems): void {
  const first = new Map<unknown, number>();
  for (const [index, entry] of entries.entries()) {
    const name = isObject(entry) ? entry['name'] : undefined;
    if (typeof name !== 'string') continue;
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    else
      problems.add(
        ['devices', index, 'name'],
        `found "${name}", which devices[${before}] has already; names are unique`,
      );
  }
}
