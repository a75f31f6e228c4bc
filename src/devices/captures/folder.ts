import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { findInputs } from '../../captures/reading/inputs.ts';
import { DeviceUnreachable, messageOf } from '../../core/errors.ts';
import { folderOf, type CapturesEntry } from './config.ts';

/** A capture that has not changed for a while. */
export interface SettledCapture {
  readonly path: string;
  readonly bytes: number;
  /** Size and time of change: they tell a new capture of the same name. */
  readonly mark: string;
}

/**
 * The captures of the folder that have not changed for `settled_after`, in the order in which they are read. `now` is in
 * milliseconds since the epoch. Throws DeviceUnreachable when the folder cannot be read.
 */
export function settledCaptures(entry: CapturesEntry, now: number): readonly SettledCapture[] {
  const folder = folderOf(entry);
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is no folder');
    return findInputs([folder], Readable.from([])).inputs.flatMap(({ name }) => {
      const status = statSync(name, { throwIfNoEntry: false });
      if (!status) return []; // a ring has just deleted it
      const { size, mtimeMs } = status;
      return now - mtimeMs < entry.settled_after ? [] : [{ path: name, bytes: size, mark: `${size} ${mtimeMs}` }];
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
