/** A report or log job as it is shown while one polls it. */
import type { QueryJob } from './state/traffic/query-jobs.ts';
import { timeOfDay } from './state/local-time.ts';
import type { PanosState } from './state/state.ts';
import { element, fields, type Xml } from './xml.ts';

/** How far it is, in percent. */
export function percentOf(job: QueryJob, now: number): number {
  if (now >= job.finishesAt) return 100;
  const part = (now - job.startsAt) / Math.max(1, job.finishesAt - job.startsAt);
  return Math.max(0, Math.min(99, Math.floor(part * 100)));
}

/** `waiting` is what this kind of job calls the time before it starts. Times have no date; `tdeq` can be empty. */
export function jobElement(state: PanosState, job: QueryJob, waiting: 'PEN' | 'ACT', withPercent: boolean): Xml {
  const now = state.now();
  const { timeZone } = state.platform;
  const started = now >= job.startsAt;
  const values = fields({
    tenq: timeOfDay(job.enqueuedAt, timeZone),
    tdeq: started ? timeOfDay(job.startsAt, timeZone) : '',
    tlast: timeOfDay(Math.min(now, job.finishesAt), timeZone),
    status: now >= job.finishesAt ? 'FIN' : started ? 'ACT' : waiting,
    id: job.id,
    percent: withPercent ? percentOf(job, now) : undefined,
  });
  return element('job', ...values);
}
