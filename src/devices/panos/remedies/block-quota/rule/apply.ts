import type { Action, Receipt } from '../../../../../core/action.ts';
import type { Recollection } from '../../../../../core/case.ts';
import { Refusal } from '../../../../../core/errors.ts';
import { memberForTags } from '../../../acting-member.ts';
import { readHa } from '../../../ha-reading.ts';
import { refuseWhileCommitting } from '../../../running-jobs.ts';
import { callInWords, type PanosMember, type PanosSession } from '../../../session.ts';
import type { RuleData } from '../action.ts';
import { deleteMember, deleteRule, moveRuleToTop, RULE, setRule } from './commands.ts';
import { commit } from './commit.ts';
import { refuseUnlessFree } from './free-to-commit.ts';
import { ruleCommands } from './plan.ts';
import { readRule, refuseForeignRule } from './read-rule.ts';

/** Adds the group to the rule and commits. A commit that fails leaves nothing of it behind for the next one. */
export async function applyRule(session: PanosSession, data: RuleData, signal: AbortSignal): Promise<Receipt> {
  const acting = memberForTags(await readHa(session, signal));
  await refuseUnlessFree(acting, data.admin, signal);
  const reading = await readRule(acting, data.vsys, signal);
  refuseForeignRule(reading);
  const exists = reading.candidate !== undefined;
  await acting.change(setRule(data), signal);
  if (!exists) await acting.change(moveRuleToTop(data.vsys), signal);
  const reply = await orTakeBack(acting, data, exists, signal, () => commit(session, acting, data.admin, signal));
  const calls = ruleCommands(data, exists).map(command => callInWords(acting.name, command));
  return { calls, reply, data };
}

/** Whether the group is in the rule that is in force. While a commit runs, nobody can say: Refusal `commit-running`. */
export async function recallRule(
  session: PanosSession,
  action: Action,
  data: RuleData,
  signal: AbortSignal,
): Promise<Recollection> {
  const acting = memberForTags(await readHa(session, signal));
  await refuseWhileCommitting(acting, signal);
  const { running } = await readRule(acting, data.vsys, signal);
  if (!running?.sourceUsers.includes(data.group)) {
    return { found: 'not-done', detail: `${data.group} is not in rule ${RULE} in force` };
  }
  return { found: 'done', receipt: { calls: action.calls, reply: `read back: it is in rule ${RULE}`, data } };
}

async function orTakeBack<T>(
  acting: PanosMember,
  data: RuleData,
  existed: boolean,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) await acting.change(existed ? deleteMember(data) : deleteRule(data.vsys), signal);
    throw error;
  }
}
