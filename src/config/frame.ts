import { z } from 'zod';
import { secretFile } from '../core/config-values.ts';
import { parseStoreUrl } from '../core/store-url.ts';
import { guardKeys } from './guards.ts';

/** The file as a whole. What stands under `devices` and `remedies` is checked by the drivers' own schemas. */
export const frame = z.strictObject({
  store: storeUrl().default('sqlite:data/unclog.db').describe('The ledger: sqlite: and a file'),
  server: z
    .strictObject({
      scrape_token_file: secretFile().optional().describe('File with the token for /metrics, /probe and /sd'),
      webhook_token_file: secretFile().optional().describe('File with the token for /webhook'),
      operator_token_file: secretFile().optional().describe('File with the token for the console and the API'),
    })
    .prefault({})
    .describe('Access to the HTTP service'),
  devices: z.array(z.unknown()).default([]).describe('The devices that are watched'),
  remedies: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('How each remedy may be used; named or not, dry-run is the default'),
  guards: guardKeys.prefault({}).describe('Limits that hold for every remedy'),
});

export type Frame = z.output<typeof frame>;

function storeUrl() {
  return z.string().superRefine((text, context) => {
    const place = parseStoreUrl(text);
    if (place.kind === 'invalid') context.addIssue({ code: 'custom', message: place.detail });
  });
}
