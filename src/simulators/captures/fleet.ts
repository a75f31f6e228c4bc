import { mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { SimulatedDevice } from '../device.ts';
import { captureFile, VERSIONS, type Version } from './capture-file.ts';

const TroubleOrder = z.strictObject({
  kind: z.literal('old-tls'),
  version: z.enum(Object.keys(VERSIONS) as [Version, ...Version[]]).default('TLSv1.0'),
  connections: z.int().min(1).max(10_000).default(3),
});

const FaultOrder = z.strictObject({ kind: z.literal('folder-gone') });

/** A capturing program with a folder of its own: it has written one capture, and writes another when told to. */
export async function startCaptureFolder(name: string): Promise<SimulatedDevice> {
  const folder = await mkdtemp(join(tmpdir(), 'unclog-captures-'));
  let written = 0;
  const write = (version: Version, connections: number): string => {
    const file = `ring_${String(++written).padStart(5, '0')}.pcap`;
    writeFileSync(join(folder, file), captureFile(version, connections));
    utimesSync(join(folder, file), 1_700_000_000 + written, 1_700_000_000 + written); // written long ago: it is settled
    return file;
  };
  write('TLSv1.2', 20);
  const addresses = [pathToFileURL(folder).href];
  return {
    name,
    driver: 'captures',
    addresses,
    files: [],
    entry: () => ({ name, driver: 'captures', addresses }),
    describe: () => ({ folder, captures: readdirSync(folder).length }),
    orderFault: order => {
      FaultOrder.parse(order);
      rmSync(folder, { recursive: true, force: true });
    },
    clearFaults: () => undefined,
    makeTrouble: order => {
      const { version, connections } = TroubleOrder.parse(order);
      return { file: write(version, connections) };
    },
    calls: () => [],
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
