/** Commit and config locks: shown, taken and given back. Texts as recorded on Panorama 11.1.6. */
import { type Answer, type Call, changes, type Command, reads } from '../command.ts';
import { childText } from '../command-element.ts';
import { failureWithoutCode, type Reply, success } from '../replies.ts';
import { slashedTime } from '../state/local-time.ts';
import type { Lock } from '../state/member.ts';
import { cdata, element, elementWith, fields } from '../xml.ts';

export const lockCommands: readonly Command[] = [
  reads('show commit-locks', call => show(call, 'commit')),
  reads('show config-locks', call => show(call, 'config')),
  changes('request commit-lock add', call => take(call, 'commit')),
  changes('request config-lock add', call => take(call, 'config')),
  changes('request commit-lock remove', call => giveBack(call, 'commit')),
  changes('request config-lock remove', call => giveBack(call, 'config')),
];

const NAMES: Readonly<Record<Lock['kind'], { readonly name: string; readonly stops: string }>> = {
  commit: { name: 'Commit', stops: 'commit' },
  config: { name: 'Config', stops: 'modify' },
};

function show({ member, state }: Call, kind: Lock['kind']): Reply {
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

function take({ argument, member, state }: Call, kind: Lock['kind']): Answer {
  const { name, stops } = NAMES[kind];
  const admin = state.account.username;
  const held = member.locks.find(lock => lock.kind === kind);
  if (held) return { reply: failureWithoutCode(`${name} lock is already held by ${held.admin}`) };
  const text = `Successfully acquired lock. Other administrators will not be able to ${stops} configuration until lock is released by ${admin}.`;
  const comment = (argument && childText(argument, 'comment')) ?? '';
  return { reply: success(text), effect: () => member.locks.push({ admin, kind, since: state.now(), comment }) };
}

function giveBack({ member, state }: Call, kind: Lock['kind']): Answer {
  const { name } = NAMES[kind];
  const admin = state.account.username;
  const own = member.locks.find(lock => lock.kind === kind && lock.admin === admin);
  if (!own) return { reply: failureWithoutCode(`${name} is not currently locked for scope shared`) };
  return {
    reply: success(`${name} lock released for ${admin}`),
    effect: () => (member.locks = member.locks.filter(lock => lock !== own)),
  };
}
