import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ahSessions } from './ah-sessions.ts';
import { bmc } from './bmc.ts';
import { captureFolders } from './captures.ts';
import { highAvailability } from './high-availability.ts';
import { packetBuffers } from './packet-buffers.ts';
import { quotas } from './quotas.ts';
import { unclog } from './unclog.ts';

/** Every dashboard, by the file in `dashboards/` that Grafana reads. A new one is a file beside this and a line here. */
const dashboards = {
  'ah-sessions.json': ahSessions,
  'bmc.json': bmc,
  'captures.json': captureFolders,
  'high-availability.json': highAvailability,
  'packet-buffers.json': packetBuffers,
  'quotas.json': quotas,
  'unclog.json': unclog,
};

/** The files as they should stand in `dashboards/`. */
export function renderDashboards(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(dashboards).map(([file, make]) => [file, `${JSON.stringify(make().build(), null, 2)}\n`]),
  );
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, 'dashboards');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of renderDashboards()) {
    writeFileSync(join(folder, file), text);
    console.log(`grafana/dashboards/${file}`);
  }
}
