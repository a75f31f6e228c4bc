import { z } from 'zod';
import type { Job } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';

/** A job of the management plane. `seconds` is how long it runs. */
export const JobOrder = z.strictObject({
  member: z.string().optional(),
  type: z.enum(['Commit', 'SWInstall', 'Content', 'AutoCom']).default('Commit'),
  user: z.string().default('alice'),
  seconds: z.number().nonnegative().default(30),
  result: z.enum(['OK', 'FAIL']).default('OK'),
});

/** Somebody at work on the configuration; what is absent stays. */
export const ConfigurationOrder = z.strictObject({
  member: z.string().optional(),
  pendingChanges: z.boolean().optional(),
  lock: z
    .strictObject({ admin: z.string(), kind: z.enum(['commit', 'config']), comment: z.string().default('') })
    .optional(),
  unlock: z.boolean().optional(),
});

const FIRST_JOB = 271;

/** Starts a job; it finishes by itself. */
export function startJob(state: PanosState, order: z.input<typeof JobOrder> = {}): Job {
  const wanted = JobOrder.parse(order);
  const member = wanted.member === undefined ? firstMember(state) : state.member(wanted.member);
  const enqueuedAt = state.now();
  const job: Job = {
    id: FIRST_JOB + member.jobs.length,
    type: wanted.type,
    user: wanted.user,
    enqueuedAt,
    finishesAt: enqueuedAt + wanted.seconds * 1_000,
    result: wanted.result,
  };
  member.jobs.push(job);
  return job;
}

export function orderConfiguration(state: PanosState, order: z.input<typeof ConfigurationOrder>): void {
  const wanted = ConfigurationOrder.parse(order);
  const member = wanted.member === undefined ? firstMember(state) : state.member(wanted.member);
  if (wanted.unlock) member.locks = [];
  if (wanted.lock) member.locks.push({ ...wanted.lock, since: state.now() });
  member.pendingChanges = wanted.pendingChanges ?? member.pendingChanges;
}

function firstMember(state: PanosState) {
  const [member] = state.members;
  if (!member) throw new RangeError('a firewall has at least one member');
  return member;
}
