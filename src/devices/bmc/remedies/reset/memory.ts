import { z } from 'zod';
import { Bug } from '../../../../core/errors.ts';
import type { DeviceMemory } from '../../../contract.ts';

const MEMORY_KEY = 'reset';

const lastReset = z.strictObject({
  /** The error that it was for, by `errorKey`. */
  error: z.string(),
  /** The BMC's answer. Absent while it is not known whether the BMC got the call. */
  reply: z.string().exactOptional(),
});

/** The last reset of a device. One error is never answered by two resets. */
export type LastReset = z.output<typeof lastReset>;

export async function recallReset(device: string, memory: DeviceMemory): Promise<LastReset | undefined> {
  const value = await memory.get(MEMORY_KEY);
  if (value === undefined || value === null) return undefined;
  const parsed = lastReset.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Bug(`${device}: what is remembered of its last reset is not usable`);
}

export async function rememberReset(memory: DeviceMemory, reset: LastReset | undefined): Promise<void> {
  await memory.put(MEMORY_KEY, reset === undefined ? null : { ...reset });
}
