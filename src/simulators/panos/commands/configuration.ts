/** Whether somebody is at work on the configuration: pending changes and locks. */
import { type Call, type Command, reads } from '../command.ts';
import { type Reply, success, successSingleQuoted } from '../replies.ts';
import type { Lock } from '../state/member.ts';
import { slashedTime } from '../state/local-time.ts';
import { cdata, element, elementWith, fields } from '../xml.ts';

export const configurationCommands: readonly Command[] = [
  reads('check pending-changes', ({ member }) => successSingleQuoted(member.pendingChanges ? 'yes' : 'no')),
  reads('show commit-locks', call => locks(call, 'commit')),
  reads('show config-locks', call => locks(call, 'config')),
];

function locks({ member, state }: Call, kind: Lock['kind']): Reply {
  const held = member.locks.filter(lock => lock.kind === kind);
  const entries = held.map(lock => {
    const since = slashedTime(lock.since, state.platform.timeZone);
    const values = fields({
      type: 'shared',
      name: 'shared',
      created: since,
      'last-activity': since,
      loggedin: 'yes',
      comment: cdata(lock.comment === '' ? '(null)' : lock.comment),
    });
    return elementWith('entry', { name: lock.admin }, ...values);
  });
  return success(element(`${kind}-locks`, ...entries));
}
