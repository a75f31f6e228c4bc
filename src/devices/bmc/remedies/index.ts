import type { Remedy } from '../../contract.ts';
import type { BmcSession } from '../session.ts';

/** The same for every way to a BMC. */
export const remedies: readonly Remedy<BmcSession>[] = [];
