import { actions } from './actions.ts';
import { sessionEndReasons } from './session-end-reasons.ts';

/** What became of a session; `unknown` where the entry uses words that are not known and nothing else tells. */
export type TrafficVerdict = 'allowed' | 'blocked' | 'unknown';

const BLOCKING_ACTIONS = valuesThat(actions, 'blocked');
const BLOCKING_REASONS = valuesThat(sessionEndReasons, 'blocked');
const KNOWN_REASONS = sessionEndReasons.map(({ value }): string => value);

/**
 * Blocked by the rule (any action but allow), or allowed by it and blocked afterwards (the session end reason). Both are
 * words of the vocabulary, as `termKey` writes them.
 */
export function verdictOf(action: string, reason: string): TrafficVerdict {
  if (BLOCKING_ACTIONS.includes(action) || BLOCKING_REASONS.includes(reason)) return 'blocked';
  return action === 'allow' && KNOWN_REASONS.includes(reason) ? 'allowed' : 'unknown';
}

function valuesThat(terms: readonly { readonly value: string; readonly verdict: string }[], verdict: string) {
  return terms.flatMap(term => (term.verdict === verdict ? [term.value] : []));
}
