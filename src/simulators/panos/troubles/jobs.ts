import { z } from 'zod';
import { addJob } from '../state/jobs.ts';
import type { Job } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';
import { firstMember } from './first-member.ts';

/** A job of the management plane. `seconds` is how long it runs. */
export const JobOrder = z.strictObject({
  member: z.string().optional(),
  type: z.enum(['Commit', 'SWInstall', 'Content', 'AutoCom']).default('Commit'),
  user: z.string().default('alice'),
  seconds: z.number().nonnegative().default(30),
  result: z.enum(['OK', 'FAIL']).default('OK'),
});

/** Starts a job; it finishes by itself. */
export function startJob(state: PanosState, order: z.input<typeof JobOrder> = {}): Job {
  const wanted = JobOrder.parse(order);
  const member = wanted.member === undefined ? firstMember(state) : state.member(wanted.member);
  const enqueuedAt = state.now();
  return addJob(member, {
    type: wanted.type,
    user: wanted.user,
    enqueuedAt,
    finishesAt: enqueuedAt + wanted.seconds * 1_000,
    result: wanted.result,
    description: '',
    details: wanted.result === 'OK' ? ['Configuration committed successfully'] : [],
  });
}
