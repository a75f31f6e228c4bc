import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramEntry } from './catalogue.ts';
import { fetchFromDebian, hasApt } from './debian.ts';
import { writeLaunchers } from './launcher.ts';
import { packageFolder } from './locate.ts';
import { fetchRelease } from './release.ts';

export interface Source {
  /** Where fetched packages are kept. */
  readonly tools: string;
  /** False on machines where packages must not come by apt; found out by default. */
  readonly apt?: boolean;
  /** Where release archives come from, as `https://github.com`. */
  readonly releases: string;
  readonly say: (line: string) => void;
}

/** Fetches the package that holds the program, and puts it in place. Answers what went wrong, or undefined. */
export async function fetchPackage(entry: ProgramEntry, source: Source): Promise<string | undefined> {
  const folder = packageFolder(entry, source.tools);
  mkdirSync(source.tools, { recursive: true });
  const apt = source.apt ?? (await hasApt());
  if (apt) {
    source.say(`fetching Debian package ${entry.debian} into ${folder}`);
    return into(folder, entry, scratch => fetchFromDebian(entry, scratch, join(source.tools, 'apt')));
  }
  const { release } = entry;
  if (!release) return 'there is no apt-get here, and no other source is known';
  source.say(`fetching ${release.project} ${release.version} from ${source.releases} into ${folder}`);
  return into(folder, entry, scratch => fetchRelease(entry, release, scratch, source.releases));
}

/** Fills a scratch folder and puts it in place by one rename, so that no one ever sees half a package. */
async function into(
  folder: string,
  entry: ProgramEntry,
  fill: (scratch: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const scratch = mkdtempSync(`${folder}-fetching-`);
  try {
    const problem = await fill(scratch);
    if (problem !== undefined) return problem;
    writeLaunchers(entry.debian, scratch);
    rmSync(join(scratch, 'debs'), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(scratch, folder);
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
