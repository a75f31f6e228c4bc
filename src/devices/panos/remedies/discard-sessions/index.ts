import type { OnceRemedy } from '../../../contract.ts';
import type { PanosSession } from '../../session.ts';
import { applyDiscard, recallDiscard } from './apply.ts';
import { discardOptions, type DiscardOptions } from './options.ts';
import { planDiscards } from './plan.ts';
import { verifyDiscards } from './verify.ts';

/** Discards the sessions that fill the packet buffer of a dataplane. */
export const discardSessions: OnceRemedy<PanosSession, DiscardOptions> = {
  kind: 'once',
  name: 'panos/discard-sessions',
  summary: 'discards the sessions that fill the packet buffer of a dataplane',
  targets: ['device'],
  options: discardOptions,
  plan: planDiscards,
  apply: applyDiscard,
  verify: verifyDiscards,
  recall: recallDiscard,
};
