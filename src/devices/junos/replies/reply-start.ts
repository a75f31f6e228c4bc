import { ReplyFault, ReplySurprise } from './fault.ts';

const NOISE_MAX = 64 * 1024;
const ROOT = /<(?:[\w-]+:)?(?:rpc-reply|rpc-error|error)(?=[\s>/])/;

/**
 * Drops what stands before the reply: a byte order mark, XML comments, and syslog broadcasts (`Message from
 * syslogd@host at …`). A reply without a reply in it is read as the CLI's own words: `syntax error, expecting …`.
 */
export async function* fromRoot(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    const root = ROOT.exec(head.toString('latin1', 0, NOISE_MAX));
    if (root) {
      yield head.subarray(root.index);
      head = undefined;
    } else if (head.length >= NOISE_MAX) {
      throw new ReplySurprise('no <rpc-reply> within 64 KiB');
    }
  }
  if (head !== undefined) throw wordsInstead(head.toString('utf8'));
}

function wordsInstead(text: string): Error {
  const words = text.replace(/\s+/g, ' ').trim();
  if (words === '') return new ReplySurprise('an empty answer');
  if (/<command[\s>]/.test(text))
    return new ReplyFault(`syntax error: the CLI echoed the command: ${words.slice(0, 200)}`);
  if (
    /^(?:.*\b)?(?:error|syntax error|unknown command)\b/i.test(words) ||
    /is ambiguous|No valid completions|missing mandatory/i.test(words)
  ) {
    return new ReplyFault(words.slice(0, 500));
  }
  return new ReplySurprise(`no XML but: ${words.slice(0, 200)}`);
}
