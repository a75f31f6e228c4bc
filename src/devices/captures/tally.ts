import { z } from 'zod';
import type { Json } from '../../core/json.ts';

/** Servers that are told apart, with their versions; beyond, connections count by version only. */
const MOST_SERVERS = 10_000;

const counts = z.record(z.string(), z.number());

const tally = z.object({
  /** Captures that are counted already and still lie in the folder, with size and time of change. */
  files: z.record(z.string(), z.string()),
  /** Negotiated connections by version, and by `address:port version`. */
  versions: counts,
  servers: counts,
  outcomes: counts,
});

/** What all captures of a folder have shown so far. Only grows, but for `files`. */
export type Tally = z.output<typeof tally>;

/** What some captures have shown. */
export interface Addition {
  readonly versions: readonly (readonly [version: string, connections: number])[];
  readonly servers: readonly (readonly [serverAndVersion: string, connections: number])[];
  readonly read: number;
  readonly damaged: number;
}

/** The tally that was remembered; an empty one when nothing was, or nothing that is understood. */
export function recallTally(remembered: Json | undefined): Tally {
  const found = tally.safeParse(remembered);
  return found.success ? found.data : { files: {}, versions: {}, servers: {}, outcomes: {} };
}

/** The tally with more captures in it. `files` replaces the list of what is counted. */
export function addToTally(before: Tally, addition: Addition, files: Tally['files']): Tally {
  return {
    files,
    versions: sum(before.versions, addition.versions, Infinity),
    servers: sum(before.servers, addition.servers, MOST_SERVERS),
    outcomes: sum(
      before.outcomes,
      [
        ['read', addition.read],
        ['damaged', addition.damaged],
      ],
      Infinity,
    ),
  };
}

function sum(
  before: Readonly<Record<string, number>>,
  more: readonly (readonly [string, number])[],
  most: number,
): Record<string, number> {
  const sums = new Map(Object.entries(before));
  for (const [key, count] of more) if (sums.has(key) || sums.size < most) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
}
