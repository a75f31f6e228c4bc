import type { BlockPlan, Verdict } from '../../../../../core/action.ts';
import type { PanosSession } from '../../../session.ts';
import type { RuleData } from '../action.ts';
import { RULE } from './commands.ts';
import { ruleHolds } from './standing.ts';

/** Reads back that every group is in the rule that is in force. */
export async function verifyRule(
  session: PanosSession,
  plan: BlockPlan,
  blocks: readonly RuleData[],
  signal: AbortSignal,
): Promise<Verdict> {
  const held = await ruleHolds(session, blocks, signal);
  const missing = blocks.filter((_, index) => held[index] !== true).map(({ group }) => group);
  const proven = missing.length === 0;
  const detail = proven ? `${blocks.length} in rule ${RULE} in force` : `not in rule ${RULE}: ${missing.join(', ')}`;
  const after = [{ name: 'blocked entries', value: blocks.length - missing.length, unit: '' }];
  return { proven, effect: proven ? 'effective' : 'ineffective', before: plan.before, after, detail };
}
