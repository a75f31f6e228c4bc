import type { OnceRemedy } from '../../../contract.ts';
import type { BmcSession } from '../../session.ts';
import { applyReset, recallAppliedReset } from './apply.ts';
import { resetOptions, type ResetOptions } from './options.ts';
import { planReset } from './plan.ts';
import { verifyReset } from './verify.ts';

/** Resets a host that hangs after a PCI error. Off unless the configuration says otherwise. */
export const reset: OnceRemedy<BmcSession, ResetOptions> = {
  kind: 'once',
  name: 'bmc/reset',
  summary: 'resets the host behind a BMC after a new PCI error, once, and only when its evidence is kept',
  defaultMode: 'off',
  targets: ['device'],
  options: resetOptions,
  plan: planReset,
  apply: applyReset,
  verify: verifyReset,
  recall: recallAppliedReset,
};
