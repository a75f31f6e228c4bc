import { join, resolve } from 'node:path';
import { Refusal } from '../../core/errors.ts';
import { catalogue, type ProgramEntry, type ProgramName } from './catalogue.ts';
import { fetchPackage, type Source } from './fetch.ts';
import { locate } from './locate.ts';
import { withLock } from './lock.ts';

export interface ProgramOptions extends Partial<Source> {
  /** Search path; the process's own by default. */
  readonly path?: string;
}

/**
 * The path of a program that can be run: the machine's own, one fetched earlier, or one fetched now into `UNCLOG_TOOLS`
 * (`.tools` in the project). Any number of processes may ask at once. Says one line on standard error when it fetches.
 * Throws Refusal `program-missing`, which tells what to install, when the program cannot be had.
 *
 * A fetched `sshd` that is started by root still needs the user `sshd` and the folder `/run/sshd`.
 */
export async function program(name: ProgramName, options: ProgramOptions = {}): Promise<string> {
  const entry: ProgramEntry = catalogue[name];
  const source: Source = { tools: toolsFolder(), releases: 'https://github.com', say: sayOnStderr, ...options };
  const places = { path: options.path ?? process.env['PATH'] ?? '', tools: source.tools };
  const found = locate(entry, places);
  if (found !== undefined) return found;
  return withLock(join(source.tools, `${entry.debian}.lock`), async () => {
    const byAnother = locate(entry, places);
    if (byAnother !== undefined) return byAnother;
    const problem = await fetchPackage(entry, source);
    const fetched = locate(entry, places);
    if (fetched === undefined) throw missing(name, entry, problem ?? `the package does not hold ${entry.inPackage}`);
    return fetched;
  });
}

function toolsFolder(): string {
  return resolve(process.env['UNCLOG_TOOLS'] ?? join(import.meta.dirname, '../../../.tools'));
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

function missing(name: ProgramName, entry: ProgramEntry, why: string): Refusal {
  const names = entry.names.join(' or ');
  const hint = `install it and put it on the PATH as ${names}; on Debian and Ubuntu: apt-get install ${entry.debian}`;
  return new Refusal('program-missing', `${name} is not on this machine and could not be fetched: ${why}\n${hint}`);
}
