import type { Term } from '../../../core/term.ts';
import { actions } from './actions.ts';
import { unidentifiedApplications } from './applications.ts';
import { sessionEndReasons } from './session-end-reasons.ts';
import { trackerStages } from './tracker-stages.ts';

/** What the words of traffic logs and session details mean. Source: vendor documents (log field descriptions). */
export const vocabulary: readonly Term[] = [
  ...sessionEndReasons,
  ...actions,
  ...unidentifiedApplications,
  ...trackerStages,
];
