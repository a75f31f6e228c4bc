import type { AnyDriver, DeviceEntry } from '../devices/contract.ts';
import { isObject, type Path } from './path.ts';
import { suggestion } from './nearest.ts';
import type { Problems } from './problems.ts';
import { showValue } from './words.ts';

/** An entry of `devices:`, and where it stands in the file. */
export interface CheckedDevice {
  readonly path: Path;
  /** Undefined when it names none that is known. */
  readonly driver: AnyDriver | undefined;
  /** Undefined when it did not pass its driver's schema. */
  readonly entry: DeviceEntry | undefined;
}

/** Checks every entry of `devices:` by the schema of the driver that it names. What did not pass is noted. */
export function checkDevices(
  entries: readonly unknown[],
  drivers: readonly AnyDriver[],
  problems: Problems,
): readonly CheckedDevice[] {
  checkNames(entries, problems);
  return entries.map((value, index) => {
    const path = ['devices', index];
    const driver = driverOf(value, path, drivers, problems);
    return { path, driver, entry: driver && problems.check(driver.config, value, path) };
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
