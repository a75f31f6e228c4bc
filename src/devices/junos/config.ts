import { z } from 'zod';
import { parseSshAddress } from '../../transport/ssh/address.ts';
import { hostKeyMissing, sshKeys } from '../../transport/ssh/config.ts';
import { deviceEntry } from '../contract.ts';

/** Bounds of the thresholds: below them a healthy peer with many tunnels would be hit (facts: junos, 2.5). */
const MIN_TOTAL = 5_001;
const MIN_PEER = 51;

const ah = z.strictObject({
  /** Fewer AH sessions than this on the whole device: nothing is cleared. */
  min_total_sessions: z.int().min(MIN_TOTAL).default(10_000),
  /** Fewer than this for a peer: it is left alone. */
  min_peer_sessions: z.int().min(MIN_PEER).default(1_000),
  /** At most so many peers in one plan, those with the most sessions first. */
  top_peers: z.int().min(1).max(100).default(3),
  /** Form in which the list of sessions is asked for: `text` is a thirteenth of the size, for thin links. */
  listing: z.enum(['xml', 'text']).default('xml'),
});

const address = z.string().refine(text => parseSshAddress(text) !== undefined, {
  message: 'ssh://host:port (the CLI) or netconf://host:port is expected',
});

const syslog = z
  .string()
  .regex(/^udp:\/\/(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?$/, 'udp://host:port is expected');

const EXAMPLE = {
  name: 'srx-vpn',
  driver: 'junos',
  addresses: ['ssh://192.0.2.20:22'],
  credentials: { username: 'unclog', private_key_file: 'secrets/id_ed25519' },
  host_key_sha256: 'SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8',
  ah: { min_total_sessions: 10_000, min_peer_sessions: 1_000, top_peers: 3 },
};

/** The entry of a Juniper SRX. */
export const junosEntry = deviceEntry
  .extend({
    driver: z.literal('junos'),
    addresses: z
      .array(address)
      .length(1, 'one address: in a cluster the one that follows the primary node (master-only)'),
    ...sshKeys,
    ah: ah.prefault({}),
    /** Where the trail of the remedy goes, in the words of the on-box script. */
    syslog: syslog.optional(),
  })
  .superRefine((entry, context) => {
    const message = hostKeyMissing(entry);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['host_key_sha256'], message });
  })
  .meta({ example: EXAMPLE });

export type JunosEntry = z.output<typeof junosEntry>;
export type AhThresholds = JunosEntry['ah'];
