import { z } from 'zod';
import { tlsTrust } from '../../../transport/tls-trust.ts';
import { bmcEntry, oneAddress } from '../config.ts';

const EXAMPLE = {
  name: 'probe7-bmc',
  driver: 'supermicro',
  addresses: ['https://192.0.2.30'],
  credentials: { username: 'monitor', password_file: 'secrets/bmc.pw' },
  tls: { ca_file: 'secrets/ca.pem' },
};

/** A device entry with `driver: supermicro`: `addresses: [https://192.0.2.30]`. */
export const supermicroEntry = bmcEntry
  .extend({
    driver: z.literal('supermicro'),
    addresses: oneAddress(['https:', 'http:']),
    tls: tlsTrust().default({ kind: 'public' }),
    /** Needed for an `http://` address, as X9 boards out of the box have: user and password travel in the clear. */
    insecure_plain_http: z.boolean().default(false),
    /** X9 and X10 take user and password as they are, X11 in base64. `auto` tries, and remembers what worked. */
    login_form: z.enum(['auto', 'plain', 'base64']).default('auto'),
  })
  .superRefine((entry, context) => {
    if (entry.insecure_plain_http || !entry.addresses[0].startsWith('http://')) return;
    const message = `found "${entry.addresses[0]}"; user and password would travel in the clear: write https://, or set insecure_plain_http: true`;
    context.addIssue({ code: 'custom', path: ['addresses', 0], message });
  })
  .meta({ example: EXAMPLE });

export type SupermicroEntry = z.output<typeof supermicroEntry>;
export type LoginForm = Exclude<SupermicroEntry['login_form'], 'auto'>;
