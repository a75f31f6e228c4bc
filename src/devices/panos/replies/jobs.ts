import type { Reply } from '../reply.ts';
import { childrenNamed, childText } from '../xml/element.ts';

/** A job that is not finished. */
interface RunningJob {
  readonly id: string | undefined;
  readonly type: string;
}

/**
 * The jobs of `show jobs all` that wait or run. A job of the type Failed-Job has no status and is over. Throws
 * DeviceSurprise when another job has no status: it could be running.
 */
export function readRunningJobs(reply: Reply): readonly RunningJob[] {
  return childrenNamed(reply.result, 'job').flatMap(job => {
    const type = childText(job, 'type') ?? 'unknown type';
    const status = childText(job, 'status');
    if (status === 'FIN' || (status === undefined && type === 'Failed-Job')) return [];
    if (status === undefined) throw reply.surprise(`job of ${type} without a status`);
    return [{ id: childText(job, 'id'), type }];
  });
}
