import { type Page, readRegisteredAddresses, readRegisteredUsers } from '../replies/registered.ts';
import type { Reply } from '../reply.ts';
import type { PanosMember } from '../session.ts';
import { PAGE, showRegisteredAddresses, showRegisteredUsers, type TagKind } from './commands.ts';

/** Beyond the capacity of the largest platform: a device that sends more pages sends the same ones for ever. */
const MOST_PAGES = 1_100;

/**
 * Addresses or users that carry the tag on this member, page by page. A page that cannot be read fails the whole: a
 * part of it must not look like all.
 */
export async function readTagged(
  member: PanosMember,
  kind: TagKind,
  tag: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let number = 0; ; number += 1) {
    const reply = await member.read(pageCommand(kind, tag, 1 + number * PAGE), signal);
    const page = readPage(kind, reply);
    for (const { subject, tags } of page.entries) if (tags.includes(tag)) found.add(subject);
    if (page.size < PAGE) return found;
    if (number >= MOST_PAGES) throw reply.surprise(`more than ${MOST_PAGES} pages`);
  }
}

function pageCommand(kind: TagKind, tag: string, start: number) {
  return kind === 'address' ? showRegisteredAddresses(tag, start) : showRegisteredUsers(start);
}

function readPage(kind: TagKind, reply: Reply): Page {
  return kind === 'address' ? readRegisteredAddresses(reply) : readRegisteredUsers(reply);
}
