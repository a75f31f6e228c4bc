/** The document of `type=user-id`, read into orders for tags. */
import { child, type CommandElement } from './command-element.ts';

/** The lists that a document may hold, in the order in which a device works on them. */
export const LISTS = ['unregister', 'register', 'unregister-user', 'register-user'] as const;
export type ListName = (typeof LISTS)[number];

export interface TagOrder {
  /** The address or the user, as it was sent. */
  readonly subject: string;
  readonly persistent: boolean;
  /** None at all in an `unregister`: all tags of the subject. */
  readonly tags: readonly TagWithTimeout[];
}

interface TagWithTimeout {
  readonly name: string;
  /** In seconds, as it was sent. */
  readonly timeout: string;
}

export type UidMessage = ReadonlyMap<ListName, readonly TagOrder[]>;

/** Undefined when it is not an update of tags. */
export function readUidMessage(root: CommandElement): UidMessage | undefined {
  const payload = child(root, 'payload');
  if (root.name !== 'uid-message' || child(root, 'type')?.text !== 'update' || !payload) return undefined;
  if (payload.children.some(({ name }) => !LISTS.some(list => list === name))) return undefined;
  const lists = LISTS.flatMap(name => {
    const list = child(payload, name);
    return list ? [[name, list.children.map(entry => readOrder(entry, name))] as const] : [];
  });
  return new Map(lists);
}

function readOrder(entry: CommandElement, list: ListName): TagOrder {
  const members = child(entry, 'tag')?.children.filter(({ name }) => name === 'member') ?? [];
  return {
    subject: entry.attributes[list.endsWith('-user') ? 'user' : 'ip'] ?? '',
    persistent: entry.attributes['persistent'] !== '0',
    tags: members.map(({ text, attributes }) => ({ name: text, timeout: attributes['timeout'] ?? '0' })),
  };
}
