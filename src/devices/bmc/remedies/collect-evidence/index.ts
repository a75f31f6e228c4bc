import type { OnceRemedy } from '../../../contract.ts';
import type { BmcSession } from '../../session.ts';
import { applyCollection, recallCollection } from './apply.ts';
import { evidenceOptions, type EvidenceOptions } from './options.ts';
import { planCollection } from './plan.ts';
import { verifyCollection } from './verify.ts';

/** Keeps what the vendor will ask for, before anybody resets anything. */
export const collectEvidence: OnceRemedy<BmcSession, EvidenceOptions> = {
  kind: 'once',
  name: 'bmc/collect-evidence',
  summary: 'saves event logs, power, health and diagnostic data of a BMC with a new PCI error into a folder',
  targets: ['device'],
  options: evidenceOptions,
  plan: planCollection,
  apply: applyCollection,
  verify: verifyCollection,
  recall: recallCollection,
};
