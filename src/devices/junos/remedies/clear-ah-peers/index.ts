import { remedy } from '../../../contract.ts';
import type { JunosSession } from '../../session.ts';
import { applyClear } from './apply.ts';
import { type ClearAhPeersOptions, clearAhPeersOptions } from './options.ts';
import { planClear } from './plan.ts';
import { recallClear } from './recall.ts';
import { verifyClear } from './verify.ts';

/** Clears the SAs of peers whose AH sessions have piled up without a living SA. */
export const clearAhPeers = remedy<JunosSession, ClearAhPeersOptions>({
  kind: 'once',
  name: 'junos/clear-ah-peers',
  summary: 'clears the IKE SA and the IPsec SAs of the peers with the most dead AH sessions',
  targets: ['device', 'peer'],
  options: clearAhPeersOptions,
  plan: planClear,
  apply: applyClear,
  recall: recallClear,
  verify: verifyClear,
});
