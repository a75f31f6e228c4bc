import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { duration } from '../../core/config-values.ts';
import { deviceEntry } from '../contract.ts';

const EXAMPLE = { name: 'tap-dmz', driver: 'captures', addresses: ['file:///var/captures/dmz'], settled_after: '30s' };

/** A folder that a capturing program fills, file after file. */
export const capturesEntry = deviceEntry
  .extend({
    driver: z.literal('captures'),
    addresses: z.array(folderAddress()).length(1, 'one folder, as file:///var/captures/dmz, is expected'),
    /** A capture is read when it has not changed for so long, and is not the newest: until then it may still be written. */
    settled_after: duration({ min: 1_000, max: 86_400_000 }).prefault('30s'),
  })
  .meta({ example: EXAMPLE });

export type CapturesEntry = z.output<typeof capturesEntry>;

/** The folder that a `file:` address names. */
export function folderOf(entry: CapturesEntry): string {
  return fileURLToPath(entry.addresses[0] ?? '');
}

function folderAddress() {
  return z.url().refine(text => /^file:\/\/\/[^?#]+$/.test(text), 'a folder as file:///var/captures/dmz is expected');
}
