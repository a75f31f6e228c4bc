import type { Reply } from '../reply.ts';
import { child, childrenNamed, type XmlElement } from '../xml/element.ts';

/** What became of one entry of a uid-message that the device mentions. Entries that it does not mention succeeded. */
export interface UidEntry {
  /** `register`, `unregister-user`, … */
  readonly list: string;
  /** Address or user as sent. */
  readonly subject: string;
  readonly message: string;
  /** What was asked for is so already. */
  readonly harmless: boolean;
}

/**
 * The answer to a uid-message. Its status tells nothing: with `error` some entries, or none, may have failed. Each entry
 * is judged by its own message, and an unknown message is a failure. Throws DeviceSurprise when it is no such answer.
 */
export function readUidResponse(reply: Reply): readonly UidEntry[] {
  const response =
    child(reply.result, 'uid-response') ?? child(child(child(reply.root, 'msg'), 'line'), 'uid-response');
  const payload = child(response, 'payload');
  if (!payload) throw reply.surprise('no <uid-response> with a <payload>');
  return payload.children.flatMap(list => childrenNamed(list, 'entry').map(entry => readEntry(list, entry)));
}

function readEntry(list: XmlElement, { attributes }: XmlElement): UidEntry {
  const message = attributes['message'] ?? '';
  const subject = attributes['ip'] ?? attributes['user'] ?? attributes['name'] ?? '';
  const harmless = list.name.startsWith('unregister')
    ? /does not exist, ignore unreg$/.test(message)
    : /^tag .+ already exists, ignore$/.test(message);
  return { list: list.name, subject, message, harmless };
}
