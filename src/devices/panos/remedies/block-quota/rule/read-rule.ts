import { Refusal } from '../../../../../core/errors.ts';
import { readSecurityRule, type SecurityRule } from '../../../replies/security-rule.ts';
import type { PanosMember } from '../../../session.ts';
import { getCandidateRule, getRunningRule, RULE, RULE_DESCRIPTION } from './commands.ts';

/** The rule before the next commit and as it is in force; undefined where it is not there. */
export interface RuleReading {
  readonly candidate: SecurityRule | undefined;
  readonly running: SecurityRule | undefined;
}

export async function readRule(member: PanosMember, vsys: string, signal: AbortSignal): Promise<RuleReading> {
  const [candidate, running] = await Promise.all([
    member.readIfPresent(getCandidateRule(vsys), signal),
    member.readIfPresent(getRunningRule(vsys), signal),
  ]);
  return { candidate: readSecurityRule(candidate, RULE), running: readSecurityRule(running, RULE) };
}

/** Throws Refusal `rule-not-ours` when a rule of that name does something else, or was made by somebody else. */
export function refuseForeignRule({ candidate, running }: RuleReading): void {
  for (const rule of [candidate, running]) {
    if (!rule || (rule.action === 'deny' && rule.description === RULE_DESCRIPTION && !rule.disabled)) continue;
    throw new Refusal('rule-not-ours', `rule ${RULE} exists and is not the one that unclog makes: rename or remove it`);
  }
}
