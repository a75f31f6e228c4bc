import { z } from 'zod';
import { bmcEntry, oneAddress } from '../config.ts';

const EXAMPLE = {
  name: 'probe9-bmc',
  driver: 'ipmi',
  addresses: ['ipmi://192.0.2.33'],
  credentials: { username: 'monitor', password_file: 'secrets/bmc.pw' },
};

/** A device entry with `driver: ipmi`: `addresses: [ipmi://192.0.2.30]`, UDP port 623 unless it names another. */
export const ipmiEntry = bmcEntry
  .extend({
    driver: z.literal('ipmi'),
    addresses: oneAddress(['ipmi:']),
    /** What the session asks for. Reading needs `user`; `bmc/reset` needs `operator`. */
    privilege: z.enum(['user', 'operator', 'administrator']).default('operator'),
    /** RMCP+ cipher suite; without it ipmitool asks the BMC. 3 is for BMCs that know no SHA-256, 17 for those that do. */
    cipher_suite: z.union([z.literal(3), z.literal(17)]).optional(),
    /** Whose layout the event data has. Without it the BMC's own manufacturer id decides. */
    maker: z.enum(['supermicro', 'dell', 'intel', 'other']).optional(),
    /** Name in PATH, or a path. */
    ipmitool: z.string().min(1).default('ipmitool'),
  })
  .meta({ example: EXAMPLE });

export type IpmiEntry = z.output<typeof ipmiEntry>;
