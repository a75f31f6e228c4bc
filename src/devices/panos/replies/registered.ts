import { parseAddress } from '../../../core/address.ts';
import type { Reply } from '../reply.ts';
import { child, childrenNamed, childText, textOf, wholeNumber } from '../xml/element.ts';

/** An address or user with the tags that are registered for it. */
export interface Registered {
  /** A canonical address, or a user in lower case. */
  readonly subject: string;
  readonly tags: readonly string[];
}

/**
 * One page of `show object registered-ip`. Ranges and networks are left out: they are nothing that unclog registers.
 * Throws DeviceSurprise for a page that is cut (`<count>` is that of the page) and for the outfile that 7.1 and older send.
 */
export function readRegisteredAddresses(reply: Reply): Page {
  const page = readPage(reply, 'ip');
  const entries = page.entries.flatMap(({ subject, tags }) => {
    const host = hostOf(subject);
    return host === undefined ? [] : [{ subject: host, tags }];
  });
  return { ...page, entries };
}

/** One page of `show object registered-user`. Errors as for addresses. */
export function readRegisteredUsers(reply: Reply): Page {
  const page = readPage(reply, 'user');
  return { ...page, entries: page.entries.map(({ subject, tags }) => ({ subject: subject.toLowerCase(), tags })) };
}

export interface Page {
  readonly entries: readonly Registered[];
  /** How many the device sent: a page that is not full is the last. */
  readonly size: number;
}

function readPage(reply: Reply, name: 'ip' | 'user'): Page {
  const { result } = reply;
  if (child(result, 'msg')) throw reply.surprise('a message in place of entries');
  const entries = childrenNamed(result, 'entry').map(entry => {
    const subject = entry.attributes[name];
    if (subject === undefined) throw reply.surprise(`an entry without ${name}`);
    const tags = childrenNamed(child(entry, 'tag'), 'member').flatMap(member => textOf(member) ?? []);
    return { subject, tags };
  });
  const count = childText(result, 'count');
  if (count !== undefined && wholeNumber(count) !== entries.length) {
    throw reply.surprise(`${entries.length} entries where <count> says ${count.slice(0, 20)}`);
  }
  return { entries, size: entries.length };
}

/** `10.0.0.1/32` is the host itself; any other prefix is none. */
function hostOf(text: string): string | undefined {
  return parseAddress(text.replace(/\/(32|128)$/, ''));
}
