import { memberForTags } from '../../../acting-member.ts';
import { readHa } from '../../../ha-reading.ts';
import type { PanosMember, PanosSession } from '../../../session.ts';

/** The member that tags are written to, and the other one, where it answers. */
export interface TagMembers {
  readonly acting: PanosMember;
  readonly others: readonly PanosMember[];
}

/** Reads HA now: right before a change. Errors as for `memberForTags`. */
export async function tagMembers(session: PanosSession, signal: AbortSignal): Promise<TagMembers> {
  const reading = await readHa(session, signal);
  const acting = memberForTags(reading);
  return { acting, others: reading.answered.map(({ member }) => member).filter(member => member !== acting) };
}
