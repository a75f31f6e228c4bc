import { z } from 'zod';
import { duration } from '../../../../core/config-values.ts';
import { RESET_ACTIONS } from '../../access.ts';

export const resetOptions = z.strictObject({
  action: z
    .enum(RESET_ACTIONS)
    .default('nmi')
    .describe('How: nmi makes the host write a crash dump, if it can; the others restart it'),
  max_event_age: duration({ min: 60_000 })
    .prefault('24h')
    .describe('A PCI error first read longer ago than this is no reason to reset'),
  settle: duration({ min: 1_000, max: 30 * 60_000 })
    .prefault('3m')
    .describe('How long the host may take to have power again'),
});

export type ResetOptions = z.output<typeof resetOptions>;
