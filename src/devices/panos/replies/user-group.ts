import type { Reply } from '../reply.ts';
import { wholeText } from '../xml/element.ts';

const MEMBER = /^\[\d+\s*\]\s*(\S.*?)\s*$/;
const ABSENT = /does not exist or does not have members/;

/**
 * `show user group name`: the members as the device writes them; undefined when the group does not exist or has no
 * members, which one answer says for both. One text in CDATA, seen on 9.1. Throws DeviceSurprise for another text.
 */
export function readUserGroup(reply: Reply): readonly string[] | undefined {
  const text = wholeText(reply.result);
  if (ABSENT.test(text)) return undefined;
  if (!/^source type:/m.test(text)) throw reply.surprise(`"${text.slice(0, 60)}" is not the text of a group`);
  return text.split('\n').flatMap(line => MEMBER.exec(line.trim())?.[1] ?? []);
}
