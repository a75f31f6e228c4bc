/** Whose changes wait for a commit. */
import { type Call, type Command, reads } from '../command.ts';
import { type Reply, success, successSingleQuoted } from '../replies.ts';
import { element, fields } from '../xml.ts';

export const configurationCommands: readonly Command[] = [
  reads('check pending-changes', ({ member }) => successSingleQuoted(yes(member.configuration.pending.length > 0))),
  reads('check full-commit-required', () => successSingleQuoted('no')),
  reads('show config list changes', listChanges),
];

function listChanges({ member }: Call): Reply {
  const entries = member.configuration.pending.map(({ action, admin, xpath }) => {
    // The blank before the action is the vendor's.
    const values = { xpath, owner: admin, action: ` ${action}`, 'admin-history': admin, 'component-type': 'vsys' };
    return element('entry', ...fields(values));
  });
  return entries.length === 0 ? success() : success(element('journal', ...entries));
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no';
}
