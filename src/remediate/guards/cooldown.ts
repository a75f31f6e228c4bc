import { caseKey } from '../../core/case.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Guard } from './guard.ts';

/**
 * After a remedy has acted on a target, it leaves it alone for a while, whatever alerts say. A block that an operator
 * took back stays back for as long.
 */
export const cooldown: Guard = async ({ case: subject, policy, clock, store }) => {
  const acted = await store.lastActed(caseKey(subject));
  if (!acted || acted.id === subject.id) return undefined;
  const since = clock.now() - (acted.endedAt ?? acted.updatedAt);
  if (since >= policy.cooldownMs) return undefined;
  const limit = `cooldown is ${formatDuration(policy.cooldownMs)}`;
  const ago = formatDuration(Math.max(since, 0));
  if (acted.releaseCause === 'operator') {
    return { reason: 'released-by-operator', detail: `an operator took the block back ${ago} ago; ${limit}` };
  }
  return { reason: 'cooldown', detail: `case ${acted.id} acted on the same target ${ago} ago; ${limit}` };
};
