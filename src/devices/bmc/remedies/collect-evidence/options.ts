import { z } from 'zod';
import { size } from '../../../../core/config-values.ts';

export const evidenceOptions = z.strictObject({
  directory: z
    .string()
    .min(1)
    .default('data/evidence')
    .describe('Where the folders are made, one per device and occasion'),
  max_size: size().prefault('100MB').describe('The most that one folder may hold'),
});

export type EvidenceOptions = z.output<typeof evidenceOptions>;
