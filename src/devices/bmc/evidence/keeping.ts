import { z } from 'zod';
import { Bug } from '../../../core/errors.ts';
import type { DeviceMemory } from '../../contract.ts';
import { errorKey, type FreshError } from '../sel/tally.ts';

const MEMORY_KEY = 'evidence';

const kept = z.strictObject({
  path: z.string(),
  sha256: z.string(),
  /** Errors that this folder and those before it were collected for, by `errorKey`. */
  errors: z.array(z.string()),
});

/** The newest evidence of a device. */
export type KeptEvidence = z.output<typeof kept>;

export async function keptEvidence(device: string, memory: DeviceMemory): Promise<KeptEvidence | undefined> {
  const value = await memory.get(MEMORY_KEY);
  if (value === undefined) return undefined;
  const parsed = kept.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Bug(`${device}: what is remembered of its evidence is not usable`);
}

export async function rememberEvidence(memory: DeviceMemory, evidence: KeptEvidence): Promise<void> {
  await memory.put(MEMORY_KEY, evidence);
}

/** Those that no evidence was collected for. */
export function withoutEvidence(errors: readonly FreshError[], evidence: KeptEvidence | undefined): FreshError[] {
  const covered = new Set(evidence?.errors);
  return errors.filter(error => !covered.has(errorKey(error)));
}
