import { Refusal } from '../../../../../core/errors.ts';
import { command, type Command, element, path, write } from '../../../xml/command.ts';
import type { RuleData } from '../action.ts';

/** The rule that holds blocked groups, and the text by which unclog knows it as its own. */
export const RULE = 'BlockQuota';
export const RULE_DESCRIPTION = 'Groups over their quota. Kept by unclog: members come and go.';

export const showCommitLocks = command(path('show', 'commit-locks'));
export const showConfigLocks = command(path('show', 'config-locks'));
export const checkPendingChanges = command(path('check', 'pending-changes'));
export const showChanges = command(path('show', 'config', 'list', 'changes'));

export function showJob(id: string): Command {
  return command(element('show', element('jobs', element('id', id))));
}

/** The rule as it would be committed. */
export function getCandidateRule(vsys: string): Command {
  return { form: { type: 'config', action: 'get', xpath: rulePath(vsys) }, words: `get candidate rule ${RULE}` };
}

/** The rule as it is in force. */
export function getRunningRule(vsys: string): Command {
  return { form: { type: 'config', action: 'show', xpath: rulePath(vsys) }, words: `get running rule ${RULE}` };
}

/** Adds the group; `set` merges, so members that are there stay. */
export function setRule({ vsys, group, from, to }: RuleData): Command {
  const any = (name: string) => element(name, element('member', 'any'));
  const list = (name: string, members: readonly string[]) =>
    element(name, ...members.map(member => element('member', member)));
  const body = [
    list('from', from),
    list('to', to),
    any('source'),
    any('destination'),
    list('source-user', [group]),
    any('category'),
    any('application'),
    any('service'),
    element('action', 'deny'),
    element('log-end', 'yes'),
    element('description', RULE_DESCRIPTION),
  ];
  return {
    form: { type: 'config', action: 'set', xpath: rulePath(vsys), element: body.map(write).join('') },
    words: `set rule ${RULE} deny source-user ${JSON.stringify(group)}`,
  };
}

/** Above every rule that allows something. */
export function moveRuleToTop(vsys: string): Command {
  return {
    form: { type: 'config', action: 'move', xpath: rulePath(vsys), where: 'top' },
    words: `move rule ${RULE} top`,
  };
}

/** The member itself is named in the path: `delete` passes over an element, and would take the whole list. */
export function deleteMember({ vsys, group }: RuleData): Command {
  const xpath = `${rulePath(vsys)}/source-user/member[text()=${literal(group)}]`;
  return {
    form: { type: 'config', action: 'delete', xpath },
    words: `delete rule ${RULE} source-user ${JSON.stringify(group)}`,
  };
}

/** A deny rule whose list of users is empty would deny everybody: with its last member the rule goes. */
export function deleteRule(vsys: string): Command {
  return { form: { type: 'config', action: 'delete', xpath: rulePath(vsys) }, words: `delete rule ${RULE}` };
}

/** Commits the changes of one administrator, and nobody else's. */
export function commitOwn(admin: string): Command {
  const partial = element('partial', element('admin', element('member', admin)));
  return {
    form: { type: 'commit', action: 'partial', cmd: write(element('commit', partial)) },
    words: `commit partial admin ${admin}`,
  };
}

function rulePath(vsys: string): string {
  const device = "/config/devices/entry[@name='localhost.localdomain']";
  return `${device}/vsys/entry[@name='${vsys}']/rulebase/security/rules/entry[@name='${RULE}']`;
}

/** XPath 1.0 has no escape: a text with both quotes cannot be written. */
function literal(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  throw new Refusal('bad-target', 'a group whose name holds both kinds of quotes cannot be named in a path');
}
