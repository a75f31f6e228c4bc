import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { findInputs } from '../../captures/reading/inputs.ts';
import { DeviceUnreachable, messageOf } from '../../core/errors.ts';
import type { Session, Tools } from '../contract.ts';
import { audit } from './audit.ts';
import { folderOf, type CapturesEntry } from './config.ts';
import { addToTally, recallTally, type Tally } from './tally.ts';

const REMEMBERED = 'tally';

/** A folder of captures. It is only ever read. */
export interface CapturesSession extends Session {
  /**
   * Reads the captures that are new and settled, and gives the sums over all that were ever read; undefined when none
   * was. Throws DeviceUnreachable when the folder cannot be read.
   */
  tally(signal: AbortSignal): Promise<Tally | undefined>;
}

export function openSession(entry: CapturesEntry, { clock, memory }: Tools): CapturesSession {
  const session: CapturesSession = {
    at: () => session,
    rehearse: () => ({ session, calls: [] }),
    close: async () => undefined,
    tally: async signal => {
      const before = recallTally(await memory.get(REMEMBERED));
      const files = settledFiles(entry, clock.now());
      const fresh = Object.keys(files).filter(path => before.files[path] !== files[path]);
      if (fresh.length === 0) return Object.keys(before.outcomes).length === 0 ? undefined : before;
      const after = addToTally(before, await audit(fresh, signal), files);
      await memory.put(REMEMBERED, after);
      return after;
    },
  };
  return session;
}

/** Captures that have not changed for a while, with what tells a new one of the same name: size and time of change. */
function settledFiles(entry: CapturesEntry, now: number): Record<string, string> {
  const folder = folderOf(entry);
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is no folder');
    const files: Record<string, string> = {};
    for (const { name } of findInputs([folder], Readable.from([])).inputs) {
      const { size, mtimeMs } = statSync(name);
      if (now - mtimeMs >= entry.settled_after) files[name] = `${size} ${mtimeMs}`;
    }
    return files;
  } catch (error) {
    const found = `${messageOf(error)}; name a folder that unclog may read`;
    throw new DeviceUnreachable({
      device: entry.name,
      tried: `listing the captures in ${folder}`,
      found,
      cause: error,
    });
  }
}
