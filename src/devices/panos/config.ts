import { z } from 'zod';
import { duration, secretFile, secretFromEnvironment } from '../../core/config-values.ts';
import type { SecretSource } from '../../core/secret-source.ts';
import { httpsAddress } from '../../transport/https-address.ts';
import { tlsTrust } from '../../transport/tls-trust.ts';
import { deviceEntry } from '../contract.ts';
import { quotaSettings } from './quota/settings.ts';

/** How unclog proves who it is: by a key made beforehand, or by a user and password that a key is made from. */
export type Credentials =
  | { readonly kind: 'key'; readonly key: SecretSource }
  | { readonly kind: 'password'; readonly username: string; readonly password: SecretSource };

const EXAMPLE = {
  name: 'fw-edge',
  driver: 'panos',
  addresses: ['https://192.0.2.11', 'https://192.0.2.12'],
  credentials: { api_key_file: 'secrets/fw-edge.key' },
  tls: { ca_file: 'secrets/ca.pem' },
};

/** A firewall, or the two members of an HA pair. */
export const panosEntry = deviceEntry
  .extend({
    driver: z.literal('panos'),
    addresses: z.array(httpsAddress()).min(1).max(2, 'one firewall, or the two members of an HA pair, are allowed'),
    credentials: credentials(),
    tls: tlsTrust().default({ kind: 'public' }),
    traffic_log: trafficLogSettings().prefault({}).describe('Counting how sessions end, from the traffic log'),
    ha: haSettings().prefault({}).describe('What must be true of a pair before anything is changed on it'),
    vsys: z
      .string()
      .regex(/^vsys[1-9]\d{0,3}$/, 'vsys1, vsys2, … is expected')
      .optional()
      .describe('The virtual system that reports and tags are about, where there are several'),
    quota: quotaSettings.optional().describe('Limits of traffic by address, user and group'),
  })
  .meta({ example: EXAMPLE });

export type PanosEntry = z.output<typeof panosEntry>;

export type HaSettings = PanosEntry['ha'];

export type TrafficLogSettings = PanosEntry['traffic_log'];

function trafficLogSettings() {
  return z
    .strictObject({
      enabled: z.boolean().default(false).describe('Log queries cost the management plane: switched on by hand'),
      every: duration({ min: 15_000, max: 3_600_000 }).prefault('60s').describe('How often the log is read'),
    })
    .transform(({ enabled, every }) => ({ enabled, everyMs: every }));
}

function haSettings() {
  return z
    .strictObject({
      require_sync: z
        .boolean()
        .default(true)
        .describe('Change nothing unless the running configuration is the same on both members'),
    })
    .transform(({ require_sync: requireSync }) => ({ requireSync }));
}

function credentials() {
  return z
    .strictObject({
      api_key_file: secretFile().optional(),
      api_key: secretFromEnvironment().optional(),
      username: z.string().min(1).optional(),
      password_file: secretFile().optional(),
      password: secretFromEnvironment().optional(),
    })
    .transform((keys, context): Credentials => {
      const key = keys.api_key_file ?? keys.api_key;
      const password = keys.password_file ?? keys.password;
      const named = Object.values(keys).filter(value => value !== undefined).length;
      if (key && named === 1) return { kind: 'key', key };
      if (keys.username !== undefined && password && named === 2) {
        return { kind: 'password', username: keys.username, password };
      }
      const message = 'either api_key_file (or api_key), or username and password_file (or password), is expected';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
}
