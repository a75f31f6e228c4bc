/** `type=commit`: full, forced, or partial by administrator, as a job that `show jobs` lists. */
import type { Answer, Call, Command } from '../command.ts';
import { child, type CommandElement, childText } from '../command-element.ts';
import { enqueued, failure, failureWithoutCode, nothingToCommit, type Reply } from '../replies.ts';
import type { ConfigChange } from '../state/configuration/configuration.ts';
import { nextJobId, addJob, runningJob } from '../state/jobs.ts';
import { carriesTraffic, type Member } from '../state/member.ts';
import type { PanosState } from '../state/state.ts';

export const commitCommands: readonly Command[] = [{ type: 'commit', changes: true, answer: commit }];

function commit({ member, request, state }: Call): Answer {
  const order = request.command && readOrder(request.command, request.action);
  if (!order) return { reply: failure(17, 'Invalid commit command') };
  const refused = refusalOf(state, member);
  if (refused) return { reply: refused };
  const changes = changesOf(state, member, order);
  if (changes.length === 0 && !order.force) return { reply: nothingToCommit() };
  return {
    reply: enqueued('Commit', nextJobId(member)),
    effect: () => startCommit(state, member, order, changes),
  };
}

interface CommitOrder {
  readonly force: boolean;
  /** Whose changes; everybody's when absent. */
  readonly admins: readonly string[] | undefined;
  readonly description: string;
}

function readOrder(root: CommandElement, action: string | undefined): CommitOrder | undefined {
  const partial = child(root, 'partial');
  if (root.name !== 'commit' || (action === 'partial') !== (partial !== undefined)) return undefined;
  const admins = partial && child(partial, 'admin')?.children.map(({ text }) => text);
  return {
    force: child(root, 'force') !== undefined,
    admins,
    description: childText(root, 'description') ?? (partial && childText(partial, 'description')) ?? '',
  };
}

function refusalOf(state: PanosState, member: Member): Reply | undefined {
  const now = state.now();
  if (!carriesTraffic(member) && state.behaviour.passiveConfiguration === 'refused') {
    return failure(15, 'Operation not allowed on a passive device');
  }
  if (member.locks.some(({ admin, kind }) => kind === 'commit' && admin !== state.account.username)) {
    return failure(14, 'Other administrators are holding device wide commit locks.');
  }
  if (runningJob(member, now, 'Commit', 'AutoCom')) {
    return failureWithoutCode('Another commit/validate is in progress. Please try again later');
  }
  return runningJob(member, now, 'SWInstall', 'Content')
    ? failureWithoutCode('You cannot commit while an install is in progress. Please try again later.')
    : undefined;
}

function changesOf(state: PanosState, member: Member, { admins }: CommitOrder): readonly ConfigChange[] {
  const { pending } = member.configuration;
  const own = pending.filter(({ admin }) => admins === undefined || admins.includes(admin));
  return state.behaviour.partialCommit === 'everything' && own.length > 0 ? pending : own;
}

function startCommit(state: PanosState, member: Member, order: CommitOrder, changes: readonly ConfigChange[]): void {
  const { commitMs, commitResult: result } = state.behaviour;
  const now = state.now();
  const finishesAt = now + commitMs;
  const whose = order.admins ? `administrators: ${order.admins.join(', ')}` : 'all administrators';
  const job = addJob(member, {
    type: 'Commit',
    user: state.account.username,
    enqueuedAt: now,
    finishesAt,
    result,
    description: order.description,
    details: [
      `Partial changes to commit: changes to configuration by ${whose} `,
      result === 'OK' ? 'Configuration committed successfully' : 'Commit failed',
    ],
  });
  // A reboot in the meantime takes the job and its effect away.
  state.schedule(finishesAt, () => {
    if (result === 'OK' && member.jobs.includes(job)) finish(state, member, changes);
  });
}

function finish(state: PanosState, member: Member, changes: readonly ConfigChange[]): void {
  member.configuration.commit(changes);
  if (!state.ha) return;
  const peer = state.behaviour.configSync ? state.reachablePeer(member) : undefined;
  peer?.configuration.takeRunning(member.configuration);
  state.ha.configSync = peer ? 'synchronized' : 'not synchronized';
}
