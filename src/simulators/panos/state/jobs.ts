import type { Job, Member } from './member.ts';

const FIRST_JOB = 271;

/** The id that the member's next job will get. */
export function nextJobId(member: Member): number {
  return (member.jobs.at(-1)?.id ?? FIRST_JOB - 1) + 1;
}

export function addJob(member: Member, job: Omit<Job, 'id'>): Job {
  const added = { ...job, id: nextJobId(member) };
  member.jobs.push(added);
  return added;
}

/** The job of one of these types that has not finished. */
export function runningJob(member: Member, now: number, ...types: readonly string[]): Job | undefined {
  return member.jobs.find(({ finishesAt, type }) => types.includes(type) && now < finishesAt);
}
