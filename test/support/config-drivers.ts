import { z } from 'zod';
import {
  companionFile,
  duration,
  percent,
  secretFile,
  secretFromEnvironment,
  size,
} from '../../src/core/config-values.ts';
import { Bug } from '../../src/core/errors.ts';
import {
  type AnyDriver,
  type DeviceEntry,
  deviceEntry,
  driver,
  type Remedy,
  remedy,
  type Session,
} from '../../src/devices/contract.ts';

/** Drivers with the keys of DESIGN.md section 3.3 and nothing behind them: for tests of the configuration alone. */

const credentials = z.strictObject({
  username: z.string().optional(),
  password_file: secretFile().optional(),
  password: secretFromEnvironment().optional(),
  api_key_file: secretFile().optional(),
  private_key_file: secretFile().optional(),
});

const tls = z.strictObject({
  ca_file: companionFile().optional(),
  fingerprint_sha256: z.string().optional(),
  insecure_skip_verify: z.boolean().default(false),
});

const panosEntry = deviceEntry
  .extend({
    driver: z.literal('panos'),
    credentials,
    tls: tls.prefault({}),
    vsys: z.string().default('vsys1'),
    quota: z
      .strictObject({
        report: z.enum(['dynamic', 'saved']),
        address_limit: size().optional(),
        user_limit: size().optional(),
        group_limit: size().optional(),
        groups: z.array(z.string()).default([]),
      })
      .optional(),
  })
  .meta({
    example: {
      name: 'fw-edge',
      driver: 'panos',
      addresses: ['https://192.0.2.11'],
      credentials: { api_key_file: 'secrets/fw-edge.key' },
    },
  });

const junosEntry = deviceEntry.extend({
  driver: z.literal('junos'),
  credentials,
  host_key_sha256: z.string().regex(/^SHA256:/, 'a fingerprint as ssh-keygen -lf prints it is expected, SHA256:…'),
  ah: z
    .strictObject({
      min_total_sessions: z.int().min(1).default(10_000),
      min_peer_sessions: z.int().min(1).default(1_000),
      top_peers: z.int().min(1).max(100).default(3),
    })
    .prefault({}),
});

const bmcEntry = deviceEntry.extend({ driver: z.literal('supermicro'), credentials });
const endaceEntry = deviceEntry.extend({ driver: z.literal('endace'), credentials, host_key_sha256: z.string() });

export const configDrivers: readonly AnyDriver[] = [
  configDriver('panos', panosEntry, [
    configRemedy(
      'panos/discard-sessions',
      z.strictObject({
        threshold: percent(10, 95).default(80),
        min_share: percent(2, 100).default(2),
        applications: z.array(z.string()).default(['any']),
        zones: z.array(z.string()).default(['any']),
        discard_timeout: duration({ min: 1_000, max: 3_600_000 }).prefault('60s'),
      }),
    ),
    configRemedy(
      'panos/block-quota',
      z.strictObject({
        hold: duration({ min: 60_000 }).prefault('15m'),
        tag: z.string().default('quota'),
        group_method: z.enum(['dynamic-user-group', 'security-rule']).default('dynamic-user-group'),
      }),
    ),
  ]),
  configDriver('junos', junosEntry, [configRemedy('junos/clear-ah-peers', z.strictObject({}))]),
  configDriver('supermicro', bmcEntry, [
    configRemedy('bmc/collect-evidence', z.strictObject({ directory: z.string().default('data/evidence') })),
    configRemedy('bmc/reset', z.strictObject({ action: z.enum(['nmi', 'cycle']).default('nmi') })),
  ]),
  configDriver('endace', endaceEntry, []),
];

function configDriver<C extends DeviceEntry>(
  name: string,
  config: z.ZodType<C>,
  remedies: readonly Remedy<Session>[],
): AnyDriver {
  return driver({ name, config, collectors: [], remedies, open: () => never() });
}

function configRemedy(name: string, options: z.ZodType): Remedy<Session> {
  return remedy({
    kind: 'once',
    name,
    summary: `does ${name}`,
    targets: ['device'],
    options,
    plan: async () => never(),
    apply: async () => never(),
    verify: async () => never(),
    recall: async () => never(),
  });
}

function never(): never {
  throw new Bug('a driver without a device was asked to work');
}
