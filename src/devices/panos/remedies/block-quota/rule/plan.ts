import type { BlockPlan, NotNeeded } from '../../../../../core/action.ts';
import { formatDuration } from '../../../../../core/duration.ts';
import { Refusal } from '../../../../../core/errors.ts';
import { callInWords, type PanosMember, type PanosSession } from '../../../session.ts';
import { type RuleData, ruleDataOf } from '../action.ts';
import type { Proposal } from '../plan.ts';
import { commitOwn, moveRuleToTop, RULE, setRule } from './commands.ts';
import { refuseUnlessFree } from './free-to-commit.ts';
import { readRule, refuseForeignRule } from './read-rule.ts';

/** What a rule takes as a source user beside names (vendor documents). */
const WORDS = ['any', 'known-user', 'unknown', 'pre-logon'];

/** Plans one group in the rule BlockQuota. */
export async function planRule(
  session: PanosSession,
  acting: PanosMember,
  { offence, holdMs, request }: Proposal,
  signal: AbortSignal,
): Promise<BlockPlan | NotNeeded> {
  const { rule } = request.options;
  if (!rule) throw new Refusal('no-rule', 'group_method: security-rule needs rule: { admin: … }');
  const { target, before, evidence, usage } = offence;
  if (WORDS.includes(target.value)) {
    throw new Refusal('bad-target', `${target.value} is no group in a rule: it would deny everybody`);
  }
  const data = {
    ...{ method: 'rule' as const, group: target.value, vsys: session.vsys ?? 'vsys1' },
    ...{ admin: rule.admin, from: rule.from, to: rule.to, bucketEndsAt: usage.bucket.endsAt },
  } satisfies RuleData;
  const isIt = ({ group, vsys }: RuleData) => group === data.group && vsys === data.vsys;
  if (ruleDataOf(request.done).some(isIt)) {
    return { kind: 'not-needed', detail: `group ${target.value} is in rule ${RULE} already`, before: [before] };
  }
  await refuseUnlessFree(acting, rule.admin, signal);
  const reading = await readRule(acting, data.vsys, signal);
  refuseForeignRule(reading);
  if (reading.running?.sourceUsers.includes(data.group)) {
    throw new Refusal('tagged-by-others', `group ${data.group} is in rule ${RULE} already, and not from this block`);
  }
  const calls = ruleCommands(data, reading.candidate !== undefined).map(command => callInWords(acting.name, command));
  const touches = [
    { kind: 'group' as const, value: target.value },
    ...(target.kind === 'group' ? target.members : []).map(value => ({ kind: 'user' as const, value })),
  ];
  return {
    kind: 'block',
    holdMs,
    summary: `block group ${target.value} for ${formatDuration(holdMs)}: rule ${RULE}`,
    actions: [{ subject: `group ${target.value} in rule ${RULE} on ${acting.name}`, touches, calls, evidence, data }],
    before: [before],
    passedOver: [],
  };
}

/** What is sent, in order. A rule that is there keeps its place. */
export function ruleCommands(data: RuleData, exists: boolean) {
  return [setRule(data), ...(exists ? [] : [moveRuleToTop(data.vsys)]), commitOwn(data.admin)];
}
