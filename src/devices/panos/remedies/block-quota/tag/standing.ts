import type { Receipt } from '../../../../../core/action.ts';
import { DeviceRefused } from '../../../../../core/errors.ts';
import type { PanosMember, PanosSession } from '../../../session.ts';
import type { TagData } from '../action.ts';
import { register } from './apply.ts';
import { type TagMembers, tagMembers } from './members.ts';
import { missingIfReachable, missingOn } from './shown.ts';

/** Whether every entry of each block carries its tag, on both members. Throws when the member in charge cannot be read. */
export async function tagsHold(
  session: PanosSession,
  blocks: readonly TagData[],
  signal: AbortSignal,
): Promise<readonly boolean[]> {
  const members = await tagMembers(session, signal);
  const held: boolean[] = [];
  for (const data of blocks) held.push((await gaps(members, data, signal)).length === 0);
  return held;
}

/** Registers what is missing, on each member, for the time that is left. */
export async function restoreTags(
  session: PanosSession,
  receipt: Receipt,
  data: TagData,
  leftMs: number,
  signal: AbortSignal,
): Promise<Receipt> {
  const { acting, others } = await tagMembers(session, signal);
  const timeoutSeconds = Math.max(1, Math.ceil(leftMs / 1_000));
  const calls: string[] = [];
  // One after the other: what the member in charge gets, the pair may pass on by itself.
  for (const members of [
    { acting, others: [] },
    { acting, others },
  ]) {
    for (const { member, subjects } of await gaps(members, data, signal)) {
      const sent = await tolerant(member === acting, () =>
        register(session, member, { ...data, subjects: [...subjects], renewed: [], timeoutSeconds }, signal),
      );
      if (sent) calls.push(sent.call);
    }
  }
  return { calls, reply: 'set again', data: receipt.data };
}

interface Gap {
  readonly member: PanosMember;
  readonly subjects: readonly string[];
}

/** Which member lacks what. One that refused tags as the passive member counts again once it is in charge. */
async function gaps({ acting, others }: TagMembers, data: TagData, signal: AbortSignal): Promise<readonly Gap[]> {
  const found: Gap[] = [{ member: acting, subjects: await missingOn(acting, data, signal) }];
  for (const member of others.filter(({ name }) => !data.refusedBy.includes(name))) {
    found.push({ member, subjects: (await missingIfReachable(member, data, signal)) ?? [] });
  }
  return found.filter(({ subjects }) => subjects.length > 0);
}

/** The passive member may refuse; it is asked again when it is in charge. */
async function tolerant<T>(acting: boolean, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!acting && error instanceof DeviceRefused && error.why === 'denied') return undefined;
    throw error;
  }
}
