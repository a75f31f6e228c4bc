import type { Action } from '../../../../core/action.ts';
import { readMappings } from '../../replies/ip-user-mapping.ts';
import type { PanosMember } from '../../session.ts';
import { showMapping, showMappings, type TagKind } from '../../tags/commands.ts';
import type { BlockOptions } from './options.ts';
import type { Offence } from './over-limit.ts';

/** What a tag is put on, and all that is cut off by it. */
export interface Subject {
  readonly value: string;
  readonly touches: Action['touches'];
}

export interface Subjects {
  readonly kind: TagKind;
  readonly tag: string;
  readonly subjects: readonly Subject[];
}

/** What to tag so that the offender is blocked: its address, every address of the user now, or users. */
export async function subjectsOf(
  acting: PanosMember,
  { target, usage }: Offence,
  options: BlockOptions,
  signal: AbortSignal,
): Promise<Subjects> {
  const asUsers = (users: readonly string[]): Subjects => ({
    kind: 'user',
    tag: options.user_tag,
    subjects: users.map(value => ({ value, touches: [{ kind: 'user', value }] })),
  });
  const asAddresses = (found: readonly { address: string; users: readonly string[] }[]): Subjects => ({
    kind: 'address',
    tag: options.tag,
    subjects: found.map(({ address, users }) => ({ value: address, touches: cutOff(address, users) })),
  });
  switch (target.kind) {
    case 'group':
      return asUsers(target.members);
    case 'user': {
      if (options.user_method === 'user-tag') return asUsers([target.value]);
      const mappings = readMappings(await acting.read(showMappings, signal));
      const own = mappings.filter(({ user }) => user === target.value).map(({ address }) => address);
      return asAddresses(
        own.map(address => ({
          address,
          users: mappings.filter(mapping => mapping.address === address).map(({ user }) => user),
        })),
      );
    }
    case 'address': {
      const mappings = readMappings(await acting.read(showMapping(target.value), signal));
      const users = [...mappings.map(({ user }) => user), ...(usage.usersBehind.get(target.value) ?? [])];
      return asAddresses([{ address: target.value, users }]);
    }
  }
}

/** An address, and everybody behind it. */
function cutOff(address: string, users: readonly string[]): Action['touches'] {
  return [{ kind: 'address', value: address }, ...[...new Set(users)].map(value => ({ kind: 'user' as const, value }))];
}
