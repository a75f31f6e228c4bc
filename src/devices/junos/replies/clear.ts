import { ReplySurprise } from './fault.ts';
import { faultIn, type Element, parseTree } from './tree.ts';
import { fromRoot } from './reply-start.ts';

const BYTES_MAX = 64 * 1024;
/** Leaves that say nothing about the command. */
const QUIET = new Set(['banner', 're-name', 'ok']);

/**
 * Reads the reply to a clear command, which by the manual says nothing. No capture of one is known, so whatever text
 * stands in it is a surprise: the caller stops and asks the device what became of the command.
 */
export async function readClear(chunks: AsyncIterable<Buffer>): Promise<void> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > BYTES_MAX) throw new ReplySurprise('more than 64 KiB in reply to a clear command');
    pieces.push(chunk);
  }
  const whole = Buffer.concat(pieces);
  // On the CLI a command without output may print nothing at all.
  if (whole.toString('latin1').trim() === '') return;
  const root = await parseTree(fromRoot(once(whole)));
  const fault = faultIn(root);
  if (fault) throw fault;
  const said = words(root);
  if (said !== undefined) throw new ReplySurprise(`a clear command answered: ${said.slice(0, 300)}`);
}

function words(element: Element): string | undefined {
  if (element.text !== '' && !QUIET.has(element.name)) return element.text;
  for (const inner of element.children) {
    const said = words(inner);
    if (said !== undefined) return said;
  }
  return undefined;
}

async function* once(buffer: Buffer): AsyncGenerator<Buffer> {
  yield buffer;
}
