import { globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramEntry } from './catalogue.ts';
import { run, type Ended } from './run.ts';

/** True where packages can be fetched and unpacked the Debian way. */
export async function hasApt(): Promise<boolean> {
  const [apt, dpkg] = await Promise.all([run('apt-get', ['--version']), run('dpkg-deb', ['--version'])]);
  return apt.ok && dpkg.ok;
}

/**
 * Downloads the package and unpacks it into `folder`. Nothing is installed: no service starts, no file of the system
 * changes, and no root is needed. apt checks the archive's signatures. First with the machine's package lists, which
 * may be missing or old; then with lists of our own, kept under `lists`. Answers what went wrong, or undefined.
 */
export async function fetchFromDebian(entry: ProgramEntry, folder: string, lists: string): Promise<string | undefined> {
  const debs = join(folder, 'debs');
  mkdirSync(join(debs, 'partial'), { recursive: true });
  const first = await download(entry, debs, []);
  if (!first.ok || archives(debs).length === 0) {
    const own = ownLists(lists);
    // A failing third-party source fails the whole update, while the lists that matter may have come.
    const update = await run('apt-get', [...own, 'update']);
    const second = await download(entry, debs, own);
    if (!second.ok) return [update, second].map(ended => ended.output).join('\n');
  }
  if (archives(debs).length === 0) return `apt-get downloaded nothing for ${entry.debian}`;
  return unpack(archives(debs), folder);
}

function download(entry: ProgramEntry, debs: string, settings: readonly string[]): Promise<Ended> {
  const common = [...settings, '-o', 'APT::Sandbox::User=root', '-q', '-y'];
  if (!entry.libraries) return run('apt-get', [...common, 'download', entry.debian], { cwd: debs });
  const quiet = ['-o', 'Debug::NoLocking=1', '-o', `Dir::Cache::archives=${debs}`, '--no-install-recommends'];
  return run('apt-get', [...common, ...quiet, '--download-only', '--reinstall', 'install', entry.debian]);
}

function ownLists(folder: string): readonly string[] {
  mkdirSync(join(folder, 'state/lists/partial'), { recursive: true });
  mkdirSync(join(folder, 'cache/archives/partial'), { recursive: true });
  const settings = [
    `Dir::State=${join(folder, 'state')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(folder, 'cache')}`,
    'APT::Sandbox::User=root',
  ];
  return settings.flatMap(setting => ['-o', setting]);
}

function archives(debs: string): readonly string[] {
  return globSync('*.deb', { cwd: debs }).map(name => join(debs, name));
}

async function unpack(debs: readonly string[], folder: string): Promise<string | undefined> {
  for (const deb of debs) {
    const ended = await run('dpkg-deb', ['--extract', deb, folder]);
    if (!ended.ok) return ended.output;
  }
  return undefined;
}
