import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { findInputs } from '../../captures/reading/inputs.ts';
import { DeviceUnreachable, messageOf } from '../../core/errors.ts';
import { folderOf, type CapturesEntry } from './config.ts';

/** A capture that nobody writes to any more. */
export interface SettledCapture {
  readonly path: string;
  readonly bytes: number;
  /** Size and time of change: they tell a new capture of the same name. */
  readonly mark: string;
}

/** The newest capture may still be written, however quiet it is; after so long it is taken as the last one. */
const LAST_AFTER_MS = 3_600_000;

/**
 * The captures of the folder that are complete: they have not changed for `settled_after`, and a newer one has begun. In
 * the order in which they are read. `now` is in milliseconds since the epoch. Throws DeviceUnreachable when the folder
 * cannot be read.
 */
export function settledCaptures(entry: CapturesEntry, now: number): readonly SettledCapture[] {
  const captures = capturesOf(entry);
  const newest = captures.reduce((latest, { changed }) => Math.max(latest, changed), -Infinity);
  return captures
    .filter(({ changed }) => now - changed >= entry.settled_after)
    .filter(({ changed }) => changed < newest || now - changed >= LAST_AFTER_MS)
    .map(({ path, bytes, changed }) => ({ path, bytes, mark: `${bytes} ${changed}` }));
}

function capturesOf(entry: CapturesEntry): readonly { path: string; bytes: number; changed: number }[] {
  const folder = folderOf(entry);
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is no folder');
    return findInputs([folder], Readable.from([])).inputs.flatMap(({ name }) => {
      const status = statSync(name, { throwIfNoEntry: false });
      return status ? [{ path: name, bytes: status.size, changed: status.mtimeMs }] : []; // a ring has just deleted it
    });
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

/** Captures in lots of about so many bytes, in order; a larger one is a lot of its own. */
export function inLots(captures: readonly SettledCapture[], mostBytes: number): readonly (readonly SettledCapture[])[] {
  const lots: SettledCapture[][] = [];
  let bytes = Infinity;
  for (const capture of captures) {
    if (bytes + capture.bytes > mostBytes) {
      lots.push([]);
      bytes = 0;
    }
    lots.at(-1)?.push(capture);
    bytes += capture.bytes;
  }
  return lots;
}
