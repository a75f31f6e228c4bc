import type { Verdict } from '../../../../../core/action.ts';
import type { HeldChange } from '../../../../contract.ts';
import { memberForTags } from '../../../acting-member.ts';
import { readHa } from '../../../ha-reading.ts';
import type { PanosMember, PanosSession } from '../../../session.ts';
import { type RuleData, ruleDataOf } from '../action.ts';
import { deleteMember, deleteRule, RULE } from './commands.ts';
import { commit } from './commit.ts';
import { refuseUnlessFree } from './free-to-commit.ts';
import { readRule } from './read-rule.ts';

/**
 * Takes out of the rule what the block put in, and the rule itself when nothing is left in it. Members that others added
 * stay. Throws Refusal, to be tried again, while others hold locks or have changes pending.
 */
export async function undoRule(
  session: PanosSession,
  blocks: readonly RuleData[],
  held: readonly HeldChange[],
  signal: AbortSignal,
): Promise<Verdict> {
  const acting = memberForTags(await readHa(session, signal));
  const kept = ruleDataOf(held.map(({ receipt }) => receipt));
  const freed = blocks.filter(({ group, vsys }) => !kept.some(other => other.group === group && other.vsys === vsys));
  for (const data of freed) await takeOut(session, acting, data, signal);
  const left: string[] = [];
  for (const { vsys, group } of freed) {
    const { running } = await readRule(acting, vsys, signal);
    if (running?.sourceUsers.includes(group)) left.push(group);
  }
  const proven = left.length === 0;
  const detail = proven ? `${freed.length} taken out of rule ${RULE}` : `still in rule ${RULE}: ${left.join(', ')}`;
  return { proven, effect: proven ? 'effective' : 'ineffective', before: [], after: [], detail };
}

async function takeOut(session: PanosSession, acting: PanosMember, data: RuleData, signal: AbortSignal): Promise<void> {
  const { candidate, running } = await readRule(acting, data.vsys, signal);
  const inCandidate = candidate?.sourceUsers.includes(data.group) === true;
  if (!inCandidate && running?.sourceUsers.includes(data.group) !== true) return;
  await refuseUnlessFree(acting, data.admin, signal);
  if (inCandidate) {
    const last = candidate.sourceUsers.every(member => member === data.group);
    await acting.change(last ? deleteRule(data.vsys) : deleteMember(data), signal);
  }
  await commit(session, acting, data.admin, signal);
}
