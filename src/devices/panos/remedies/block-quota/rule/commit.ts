import { DeviceUnreachable, Refusal } from '../../../../../core/errors.ts';
import { readCommitJob, readJob } from '../../../replies/configuration-state.ts';
import type { PanosMember, PanosSession } from '../../../session.ts';
import { commitOwn, showJob } from './commands.ts';

const ASK_AGAIN_MS = 1_000;
const LONGEST_COMMIT_MS = 600_000;

/**
 * Commits the changes of one administrator and waits for the job. Throws Refusal `commit-failed` with what the device
 * said. Nothing to commit is fine: somebody's full commit has taken the change along.
 */
export async function commit(
  session: PanosSession,
  member: PanosMember,
  admin: string,
  signal: AbortSignal,
): Promise<string> {
  const { clock, device } = session;
  const command = commitOwn(admin);
  const reply = await member.changeForReply(command, signal);
  if (!reply) return 'rehearsed, not sent';
  const id = readCommitJob(reply);
  if (id === undefined) return reply.summary;
  const deadline = clock.monotonic() + LONGEST_COMMIT_MS;
  for (;;) {
    const job = readJob(await member.read(showJob(id), signal));
    if (job.finished && job.succeeded) return `commit job ${id}: ${job.detail}`;
    if (job.finished) throw new Refusal('commit-failed', `commit job ${id} on ${member.name}: ${job.detail}`);
    if (clock.monotonic() >= deadline) {
      const found = `job ${id} was not finished within 10 minutes`;
      throw new DeviceUnreachable({ device, tried: `${command.words} on ${member.name}`, found, maybeDone: true });
    }
    await clock.sleep(ASK_AGAIN_MS, signal);
  }
}
