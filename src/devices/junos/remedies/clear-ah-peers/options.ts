import { z } from 'zod';

/** Options under `junos/clear-ah-peers`. The thresholds stand in the device's entry, under `ah`. */
export const clearAhPeersOptions = z.strictObject({
  /** Fewer sessions without a living SA than this, and a peer is left alone. 0 clears by count alone. */
  min_orphan_sessions: z.int().min(0).default(1),
});

export type ClearAhPeersOptions = z.output<typeof clearAhPeersOptions>;
