import { isAtRest, outcomeOf, type Case } from '../../core/case.ts';

/** How a case ended, in one word; nothing while it goes on. */
export function caseOutcome(subject: Case): { readonly outcome?: string } {
  return isAtRest(subject) ? { outcome: outcomeOf(subject) } : {};
}
