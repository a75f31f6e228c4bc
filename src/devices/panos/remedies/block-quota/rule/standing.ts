import type { Receipt } from '../../../../../core/action.ts';
import { memberForTags } from '../../../acting-member.ts';
import { readHa } from '../../../ha-reading.ts';
import type { PanosSession } from '../../../session.ts';
import type { RuleData } from '../action.ts';
import { applyRule } from './apply.ts';
import { readRule } from './read-rule.ts';

/** Whether each group is in the rule that is in force on the member in charge. */
export async function ruleHolds(
  session: PanosSession,
  blocks: readonly RuleData[],
  signal: AbortSignal,
): Promise<readonly boolean[]> {
  const acting = memberForTags(await readHa(session, signal));
  const held: boolean[] = [];
  for (const { vsys, group } of blocks) {
    const { running } = await readRule(acting, vsys, signal);
    held.push(running?.sourceUsers.includes(group) === true);
  }
  return held;
}

/** Adds the group again. The firewall does not end this kind of block by itself; the release does. */
export async function restoreRule(
  session: PanosSession,
  receipt: Receipt,
  data: RuleData,
  signal: AbortSignal,
): Promise<Receipt> {
  const { calls, reply } = await applyRule(session, data, signal);
  return { calls, reply, data: receipt.data };
}
