import type { DemoLoop } from '../loop.ts';
import { ahPeers } from './ah-peers.ts';
import { packetBuffer } from './packet-buffer.ts';
import { pciError } from './pci-error.ts';

/** The loops that the demo closes, in this order. A new one is a line here. */
// prettier-ignore
export const loops: readonly DemoLoop[] = [
  packetBuffer,
  ahPeers,
  pciError,
];
