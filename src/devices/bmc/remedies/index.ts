import { remedy, type Remedy } from '../../contract.ts';
import type { BmcSession } from '../session.ts';
import { collectEvidence } from './collect-evidence/index.ts';
import { reset } from './reset/index.ts';

/** The same for every way to a BMC. */
export const remedies: readonly Remedy<BmcSession>[] = [remedy(collectEvidence), remedy(reset)];
