import type { Reply } from '../reply.ts';
import { child, childrenNamed, childText, textOf } from '../xml/element.ts';

/** What matters of a security rule here. */
export interface SecurityRule {
  readonly action: string;
  readonly description: string;
  readonly disabled: boolean;
  readonly sourceUsers: readonly string[];
}

/** One rule of `rulebase/security/rules`, as `type=config` gives it; undefined when it is not there. */
export function readSecurityRule(reply: Reply | undefined, name: string): SecurityRule | undefined {
  const { result } = reply ?? {};
  const entries = [...childrenNamed(result, 'entry'), ...childrenNamed(child(result, 'rules'), 'entry')];
  const entry = entries.find(({ attributes }) => attributes['name'] === name);
  if (!entry) return undefined;
  return {
    action: childText(entry, 'action') ?? '',
    description: childText(entry, 'description') ?? '',
    disabled: childText(entry, 'disabled') === 'yes',
    sourceUsers: childrenNamed(child(entry, 'source-user'), 'member').flatMap(member => textOf(member) ?? []),
  };
}
