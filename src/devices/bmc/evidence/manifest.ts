import { z } from 'zod';
import type { FreshError } from '../sel/tally.ts';

/** `manifest.json` of an evidence folder: what is in it, where each file is from, and what could not be had. */
export const manifest = z.strictObject({
  format: z.literal('unclog-bmc-evidence/1'),
  device: z.string(),
  /** ISO 8601, by our clock. */
  collectedAt: z.string(),
  /** The PCI errors that this was collected for. Times by the BMC's clock are absent where that was not set. */
  errors: z.array(
    z.strictObject({
      error: z.string(),
      bus: z.string().optional(),
      deviceFunction: z.string().optional(),
      record: z.string(),
      bmcTime: z.string().optional(),
      firstReadAt: z.string(),
    }),
  ),
  files: z.array(
    z.strictObject({
      name: z.string(),
      source: z.string(),
      bytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  missing: z.array(z.strictObject({ name: z.string(), source: z.string(), why: z.string() })),
});
export type Manifest = z.output<typeof manifest>;
export type ManifestFile = Manifest['files'][number];

/** An error as the manifest has it. */
export function errorLine(error: FreshError): Manifest['errors'][number] {
  const { bus, deviceFunction, time } = error;
  return {
    error: error.error,
    ...(bus === undefined ? {} : { bus }),
    ...(deviceFunction === undefined ? {} : { deviceFunction }),
    record: error.content,
    ...(time === undefined ? {} : { bmcTime: new Date(time * 1_000).toISOString() }),
    firstReadAt: new Date(error.seenAt).toISOString(),
  };
}
