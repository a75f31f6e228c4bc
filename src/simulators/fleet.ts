import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { startProbeBoard, startRedfishBoard } from './bmc/fleet.ts';
import { startCaptureFolder } from './captures/fleet.ts';
import type { SimulatedDevice } from './device.ts';
import { junosDevice } from './junos/device.ts';
import { startJunosSimulator } from './junos/simulator.ts';
import { panosDevice } from './panos/device.ts';
import { startPanosSimulator } from './panos/simulator.ts';

/** The devices of the demo, by name. A new one is a line here. */
const starters: Readonly<Record<string, () => Promise<SimulatedDevice>>> = {
  'fw-edge': async () =>
    panosDevice(await startPanosSimulator({ name: 'fw-edge', highAvailability: 'active-passive' }), {
      quota: {
        address_limit: '20MB',
        user_limit: '20MB',
        group_limit: '20MB',
        groups: ['corp\\interns'],
        interval: '1s',
      },
    }),

  'fw-branch': async () =>
    panosDevice(await startPanosSimulator({ name: 'fw-branch', highAvailability: 'active-passive' })),
  'srx-vpn': async () =>
    junosDevice(await startJunosSimulator({ name: 'srx-vpn', form: 'cluster', peers: 60 }), {
      min_total_sessions: 10_000,
    }),

  'probe7-bmc': () => startProbeBoard('probe7-bmc'),
  'probe8-bmc': () => startRedfishBoard('probe8-bmc'),

  'tap-dmz': () => startCaptureFolder('tap-dmz'),
};

export interface Fleet {
  readonly devices: readonly SimulatedDevice[];
  /** The device of that name, or undefined. */
  device(name: string): SimulatedDevice | undefined;
  close(): Promise<void>;
}

/** Starts the simulated devices: all, or those named. Throws a RangeError for a name that is none. */
export async function startFleet(names: readonly string[] = Object.keys(starters)): Promise<Fleet> {
  const chosen = names.map(name => {
    const start = Object.hasOwn(starters, name) ? starters[name] : undefined;
    if (!start) throw new RangeError(`no simulated device ${name}; known are ${Object.keys(starters).join(', ')}`);
    return start;
  });
  const devices: SimulatedDevice[] = [];
  const close = async () => {
    await Promise.all(devices.map(device => device.close()));
  };
  try {
    for (const start of chosen) devices.push(await start());
  } catch (error) {
    await close();
    throw error;
  }
  return { devices, device: name => devices.find(device => device.name === name), close };
}

/**
 * Writes the credentials of all devices, readable by the owner only, and an unclog.yml with their `devices:` section
 * into `folder`, which is made when it is missing. Resolves to the path of the unclog.yml.
 */
export async function writeClientFiles(fleet: Fleet, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const configuration = join(resolve(folder), 'unclog.yml');
  const files = fleet.devices.flatMap(device => device.files);
  for (const file of files) await writePrivately(join(folder, file.name), file.text);
  await writePrivately(configuration, devicesSection(fleet, folder));
  return configuration;
}

function devicesSection(fleet: Fleet, folder: string): string {
  return stringify({ devices: fleet.devices.map(device => device.entry(resolve(folder))) });
}

// The mode counts for a new file only, so an old one, which others may be able to read, goes first.
async function writePrivately(path: string, text: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, text, { mode: 0o600 });
}
