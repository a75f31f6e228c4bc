import type { PanosSession } from '../../../session.ts';
import type { TagKind } from '../../../tags/commands.ts';
import { readTagged } from '../../../tags/read-tagged.ts';
import type { TagData } from '../action.ts';
import type { BlockOptions } from '../options.ts';
import { tagMembers } from './members.ts';

/** Addresses and users that carry our tags and belong to no block. */
export async function strayTags(
  session: PanosSession,
  options: BlockOptions,
  blocks: readonly TagData[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { acting } = await tagMembers(session, signal);
  const marks: readonly { kind: TagKind; tag: string }[] = [
    { kind: 'address', tag: options.tag },
    { kind: 'user', tag: options.user_tag },
  ];
  const strays: string[] = [];
  for (const { kind, tag } of marks) {
    const ours = new Set(blocks.filter(data => data.kind === kind && data.tag === tag).flatMap(data => data.subjects));
    for (const subject of await readTagged(acting, kind, tag, signal)) {
      if (!ours.has(subject)) strays.push(`${kind} ${subject} carries tag ${tag}`);
    }
  }
  return strays;
}
