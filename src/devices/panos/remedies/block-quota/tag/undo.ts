import type { Verdict } from '../../../../../core/action.ts';
import { DeviceRefused, DeviceUnreachable } from '../../../../../core/errors.ts';
import type { HeldChange } from '../../../../contract.ts';
import { readUidResponse } from '../../../replies/uid-response.ts';
import type { PanosMember, PanosSession } from '../../../session.ts';
import { changeTags, type TagKind } from '../../../tags/commands.ts';
import { readTagged } from '../../../tags/read-tagged.ts';
import { type TagData, tagDataOf } from '../action.ts';
import { tagMembers } from './members.ts';
import { CHUNK } from './plan.ts';

/** One tag, and what is to lose it. */
interface Freed {
  readonly kind: TagKind;
  readonly tag: string;
  readonly subjects: readonly string[];
}

/**
 * Unregisters on both members and reads back. What another block still holds keeps its tag. A member that does not
 * answer, or takes no tags while it is passive, lets go by itself when the time of the tag is over.
 */
export async function undoTags(
  session: PanosSession,
  blocks: readonly TagData[],
  held: readonly HeldChange[],
  signal: AbortSignal,
): Promise<Verdict> {
  const { acting, others } = await tagMembers(session, signal);
  const freed = freedBy(blocks, held);
  const left: string[] = [];
  const notes: string[] = [];
  for (const entry of freed) {
    left.push(...(await unregister(session, acting, entry, signal)));
    for (const member of others) notes.push(...(await unregisterOnOther(session, member, entry, signal)));
  }
  const count = freed.reduce((sum, { subjects }) => sum + subjects.length, 0);
  const kept = blocks.reduce((sum, { subjects }) => sum + subjects.length, 0) - count;
  const detail = [
    left.length === 0 ? `${count} are released` : `still tagged: ${left.slice(0, 5).join(', ')}`,
    ...(kept > 0 ? [`${kept} stay for another block`] : []),
    ...notes,
  ];
  const effect = left.length === 0 ? 'effective' : 'ineffective';
  return { proven: left.length === 0, effect, before: [], after: [], detail: detail.join('; ') };
}

function freedBy(blocks: readonly TagData[], held: readonly HeldChange[]): readonly Freed[] {
  const kept = tagDataOf(held.map(({ receipt }) => receipt));
  const isKept = (block: TagData, subject: string) =>
    kept.some(({ kind, tag, subjects }) => kind === block.kind && tag === block.tag && subjects.includes(subject));
  return blocks.flatMap(block => {
    const subjects = block.subjects.filter(subject => !isKept(block, subject));
    return subjects.length === 0 ? [] : [{ kind: block.kind, tag: block.tag, subjects }];
  });
}

/** Takes the tag away where it stands. Gives those that the member still shows afterwards. */
async function unregister(
  session: PanosSession,
  member: PanosMember,
  { kind, tag, subjects }: Freed,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const carrying = await readTagged(member, kind, tag, signal);
  const present = subjects.filter(subject => carrying.has(subject));
  if (present.length === 0) return [];
  for (let start = 0; start < present.length; start += CHUNK) {
    const chunk = present.slice(start, start + CHUNK);
    const change = { kind, tag, unregister: chunk, register: [], timeoutSeconds: 0 };
    const reply = await member.changeForReply(changeTags(change, session.vsys), signal);
    // Read back below: what an entry says of itself is not what counts.
    if (reply) readUidResponse(reply);
  }
  const after = await readTagged(member, kind, tag, signal);
  return present.filter(subject => after.has(subject));
}

async function unregisterOnOther(
  session: PanosSession,
  member: PanosMember,
  entry: Freed,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const left = await unregister(session, member, entry, signal);
    return left.length === 0 ? [] : [`${left.length} still tagged on ${member.name}, until their time is over`];
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof DeviceUnreachable) return [`${member.name} does not answer; its tags end by themselves`];
    if (error instanceof DeviceRefused && error.why === 'denied') {
      return [`${member.name} takes no change while it is passive; its tags end by themselves`];
    }
    throw error;
  }
}
