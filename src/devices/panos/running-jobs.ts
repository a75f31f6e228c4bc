import { Refusal } from '../../core/errors.ts';
import { showJobs } from './commands.ts';
import { readRunningJobs } from './replies/jobs.ts';
import type { PanosMember } from './session.ts';

/** Jobs that fetch or renew something and leave the configuration and the software as they are. */
const HARMLESS = ['Downld', 'EDLFetch', 'EDLRefresh', 'RefreshLic'];

/** Throws Refusal `commit-running` while a commit, an upgrade, an installation or an unknown job waits or runs. */
export async function refuseWhileCommitting(member: PanosMember, signal: AbortSignal): Promise<void> {
  const jobs = readRunningJobs(await member.read(showJobs, signal));
  const job = jobs.find(({ type }) => !HARMLESS.includes(type));
  if (!job) return;
  throw new Refusal('commit-running', `job ${job.id ?? 'without id'} (${job.type}) is running on ${member.name}`);
}
