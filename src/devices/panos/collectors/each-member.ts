import { PartialResult } from '../../../core/errors.ts';
import type { Sample } from '../../../core/sample.ts';
import type { PanosMember, PanosSession } from '../session.ts';

/**
 * The samples of all members, read at the same time. When one member cannot be read, the samples of the other come with
 * the failure (`PartialResult`): half a pair in the dark must not hide the other half.
 */
export async function fromEachMember(
  session: PanosSession,
  read: (member: PanosMember) => Promise<readonly Sample[]>,
): Promise<readonly Sample[]> {
  const results = await Promise.allSettled(session.members.map(read));
  const samples = results.flatMap(result => (result.status === 'fulfilled' ? result.value : []));
  const errors = results.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length === 0) return samples;
  if (results.length === 1) throw errors[0];
  throw new PartialResult(samples, errors);
}
