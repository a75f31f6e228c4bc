import { accessSync, constants, globSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ProgramEntry } from './catalogue.ts';
import { launcherPath, needsLauncher } from './launcher.ts';

/** Where programs may stand: a search path as in `PATH`, and the folder that fetched packages are unpacked in. */
export interface Places {
  readonly path: string;
  readonly tools: string;
}

/** The program's path: the machine's own first, then one that was fetched earlier; undefined where there is none. */
export function locate(entry: ProgramEntry, places: Places): string | undefined {
  return onMachine(entry, places.path) ?? inTools(entry, places.tools);
}

/** The folder of one unpacked package. */
export function packageFolder(entry: ProgramEntry, tools: string): string {
  return join(tools, entry.debian);
}

function onMachine(entry: ProgramEntry, path: string): string | undefined {
  const further = (entry.folders ?? []).flatMap(pattern => globSync(pattern).sort().reverse());
  const folders = [...path.split(delimiter).filter(folder => folder !== ''), ...further];
  return entry.names.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable);
}

function inTools(entry: ProgramEntry, tools: string): string | undefined {
  const folder = packageFolder(entry, tools);
  if (needsLauncher(entry)) return [launcherPath(entry, folder)].find(isExecutable);
  return globSync(entry.inPackage, { cwd: folder })
    .map(file => join(folder, file))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Missing, or not ours to run: either way the search goes on.
    return false;
  }
}
