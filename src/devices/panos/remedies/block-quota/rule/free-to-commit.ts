import { Refusal } from '../../../../../core/errors.ts';
import { readChangeOwners, readLockHolders, readPendingChanges } from '../../../replies/configuration-state.ts';
import { refuseWhileCommitting } from '../../../running-jobs.ts';
import type { PanosMember } from '../../../session.ts';
import { checkPendingChanges, showChanges, showCommitLocks, showConfigLocks } from './commands.ts';

/**
 * Throws Refusal when the configuration is not free to be changed: `commit-running`, `locked` by another administrator,
 * or `pending-changes` of others. Even a commit for one administrator has been seen to commit everybody's changes.
 */
export async function refuseUnlessFree(member: PanosMember, admin: string, signal: AbortSignal): Promise<void> {
  await refuseWhileCommitting(member, signal);
  const [commitLocks, configLocks] = await Promise.all([
    member.read(showCommitLocks, signal),
    member.read(showConfigLocks, signal),
  ]);
  const holder = [...readLockHolders(commitLocks), ...readLockHolders(configLocks)].find(name => name !== admin);
  if (holder !== undefined)
    throw new Refusal('locked', `administrator ${holder.slice(0, 63)} holds a lock on ${member.name}`);
  if (!readPendingChanges(await member.read(checkPendingChanges, signal))) return;
  const owners = readChangeOwners(await member.read(showChanges, signal));
  const others = owners.filter(owner => owner !== admin);
  if (owners.length > 0 && others.length === 0) return;
  const whose = others.length === 0 ? 'nobody named' : others.slice(0, 5).join(', ');
  throw new Refusal('pending-changes', `there are changes on ${member.name} that are not committed, of ${whose}`);
}
