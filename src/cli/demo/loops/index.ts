import type { DemoLoop } from '../loop.ts';
import { ahPeers } from './ah-peers.ts';
import { freshFailover } from './fresh-failover.ts';
import { packetBuffer } from './packet-buffer.ts';
import { pciError } from './pci-error.ts';
import { quotaAddress } from './quota-address.ts';
import { quotaGroup } from './quota-group.ts';
import { quotaUser } from './quota-user.ts';

/** The loops that the demo closes, in this order. A new one is a line here. */
// prettier-ignore
export const loops: readonly DemoLoop[] = [
  packetBuffer,
  freshFailover,
  quotaAddress,
  quotaUser,
  quotaGroup,
  ahPeers,
  pciError,
];
