import type { Reply } from '../reply.ts';
import { child, childrenNamed, childText, textOf } from '../xml/element.ts';

/** `check pending-changes`. Throws DeviceSurprise when it is neither yes nor no. */
export function readPendingChanges(reply: Reply): boolean {
  const text = textOf(reply.result);
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw reply.surprise(`pending changes: "${(text ?? '').slice(0, 40)}"`);
}

/** Who made the pending changes of `show config list changes`; an empty text for one without an owner. */
export function readChangeOwners(reply: Reply): readonly string[] {
  const entries = childrenNamed(child(reply.result, 'journal'), 'entry');
  return [...new Set(entries.map(entry => childText(entry, 'owner') ?? ''))];
}

/** Who holds a lock: `show commit-locks` and `show config-locks`. */
export function readLockHolders(reply: Reply): readonly string[] {
  const lists = ['commit-locks', 'config-locks'].flatMap(name => childrenNamed(reply.result, name));
  return lists.flatMap(list => childrenNamed(list, 'entry').map(({ attributes }) => attributes['name'] ?? ''));
}

/** The job that a commit was given; undefined when there was nothing to commit. */
export function readCommitJob(reply: Reply): string | undefined {
  return childText(reply.result, 'job');
}

/** How a job of `show jobs id` stands. */
export interface JobState {
  readonly finished: boolean;
  readonly succeeded: boolean;
  /** What it says, in one line. */
  readonly detail: string;
}

/** Throws DeviceSurprise when there is no job with a status. `progress` is not read: it can be a time. */
export function readJob(reply: Reply): JobState {
  const job = child(reply.result, 'job');
  const status = childText(job, 'status');
  if (status === undefined) throw reply.surprise('no job with a status');
  const lines = childrenNamed(child(job, 'details'), 'line').flatMap(line => textOf(line) ?? []);
  const result = childText(job, 'result');
  return {
    finished: status === 'FIN',
    succeeded: result === 'OK',
    detail: [result ?? '', ...lines].join(' ').slice(0, 300),
  };
}
