import { command, type Command, element, elementWith, path, write } from '../xml/command.ts';

/** The largest page of registered addresses or users that the device gives (8.0 and later). */
export const PAGE = 500;

export const showDynamicAddressGroups = command(path('show', 'object', 'dynamic-address-group', 'all'));

export const showMappings = command(path('show', 'user', 'ip-user-mapping', 'all'));

export function showMapping(address: string): Command {
  return command(element('show', element('user', element('ip-user-mapping', element('ip', address)))));
}

export function showUserGroup(name: string): Command {
  return command(element('show', element('user', element('group', element('name', name)))));
}

/** One page of the addresses with a tag; `start` counts from 1. */
export function showRegisteredAddresses(tag: string, start: number): Command {
  const filter = element('tag', elementWith('entry', { name: tag }));
  return command(element('show', element('object', element('registered-ip', filter, ...page(start)))));
}

/** One page of the users with any tag; the device has no filter by tag for users. */
export function showRegisteredUsers(start: number): Command {
  return command(element('show', element('object', element('registered-user', element('all', ...page(start))))));
}

/** What is tagged: addresses, or users. */
export type TagKind = 'address' | 'user';

/** A change of one tag on many addresses or users. */
export interface TagChange {
  readonly kind: TagKind;
  readonly tag: string;
  readonly unregister: readonly string[];
  readonly register: readonly string[];
  /** After so many seconds the device takes the tag away by itself. More than 0: with 0 it would stay for ever. */
  readonly timeoutSeconds: number;
}

/**
 * One uid-message. The device works off `unregister` first, so the same entry in both lists starts its timeout anew.
 * Every entry names the tag: without one all tags of the entry would go, those of others too. `persistent="0"`: after a
 * reboot nothing may stand longer than it should; what is lost then is set again. Users have no such attribute.
 */
export function changeTags(change: TagChange, vsys: string | undefined): Command {
  const { kind, tag, unregister, register, timeoutSeconds } = change;
  const suffix = kind === 'user' ? '-user' : '';
  const entry = (subject: string, more: Readonly<Record<string, string>>, timeout: Readonly<Record<string, string>>) =>
    elementWith(
      'entry',
      { [kind === 'user' ? 'user' : 'ip']: subject, ...more },
      element('tag', elementWith('member', timeout, tag)),
    );
  const lifetime = { timeout: String(timeoutSeconds) };
  const persistent = kind === 'user' ? {} : { persistent: '0' };
  const lists = [
    ...(unregister.length > 0
      ? [element(`unregister${suffix}`, ...unregister.map(subject => entry(subject, {}, {})))]
      : []),
    ...(register.length > 0
      ? [element(`register${suffix}`, ...register.map(subject => entry(subject, persistent, lifetime)))]
      : []),
  ];
  const message = element('uid-message', element('type', 'update'), element('payload', ...lists));
  const words = [
    ...(unregister.length > 0 ? [`unregister${suffix} ${unregister.join(' ')} tag ${tag}`] : []),
    ...(register.length > 0 ? [`register${suffix} ${register.join(' ')} tag ${tag} timeout ${timeoutSeconds}`] : []),
  ];
  const form = { type: 'user-id', cmd: write(message), ...(vsys !== undefined && { vsys }) };
  return { form, words: `user-id ${words.join(', ')}` };
}

function page(start: number) {
  return [element('limit', String(PAGE)), element('start-point', String(start))];
}
