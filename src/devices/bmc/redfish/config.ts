import { z } from 'zod';
import { tlsTrust } from '../../../transport/tls-trust.ts';
import { bmcEntry, oneAddress } from '../config.ts';

const EXAMPLE = {
  name: 'probe8-bmc',
  driver: 'redfish',
  addresses: ['https://192.0.2.32'],
  credentials: { username: 'monitor', password_file: 'secrets/bmc.pw' },
  tls: { ca_file: 'secrets/ca.pem' },
};

/** A device entry with `driver: redfish`: `addresses: [https://192.0.2.30]`. */
export const redfishEntry = bmcEntry
  .extend({
    driver: z.literal('redfish'),
    addresses: oneAddress(['https:']),
    tls: tlsTrust().default({ kind: 'public' }),
    /** Id of the system, as the last part of `/redfish/v1/Systems/…`. Needed only where one BMC serves several. */
    system: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dot, dash and underscore are allowed')
      .optional(),
  })
  .meta({ example: EXAMPLE });

export type RedfishEntry = z.output<typeof redfishEntry>;
