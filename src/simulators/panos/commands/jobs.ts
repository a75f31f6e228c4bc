/** `show jobs all` and `show jobs id N`: commits and installs, running or done. */
import { type Call, type Command, reads } from '../command.ts';
import { failure, type Reply, success } from '../replies.ts';
import type { Job } from '../state/member.ts';
import { slashedTime, timeOfDay } from '../state/local-time.ts';
import type { PanosState } from '../state/state.ts';
import { element, fields, type Xml } from '../xml.ts';

export const jobCommands: readonly Command[] = [
  reads('show jobs all', ({ member, state }) => success(...member.jobs.toReversed().map(job => entry(state, job)))),
  reads('show jobs id', oneJob),
];

function oneJob({ argument, member, state }: Call): Reply {
  const asked = argument?.text ?? '';
  const job = member.jobs.find(candidate => String(candidate.id) === asked);
  return job ? success(entry(state, job)) : failure(7, `job ${asked} not found`);
}

function entry(state: PanosState, job: Job): Xml {
  const { timeZone } = state.platform;
  const done = state.now() >= job.finishesAt;
  const part = (state.now() - job.enqueuedAt) / Math.max(1, job.finishesAt - job.enqueuedAt);
  const values = fields({
    tenq: slashedTime(job.enqueuedAt, timeZone),
    tdeq: timeOfDay(job.enqueuedAt, timeZone),
    id: job.id,
    user: job.user,
    type: job.type,
    status: done ? 'FIN' : 'ACT',
    queued: 'NO',
    stoppable: done ? 'no' : 'yes',
    result: done ? job.result : 'PEND',
    tfin: done ? slashedTime(job.finishesAt, timeZone) : 'Still Active',
    description: job.description,
    positionInQ: 0,
    // A finished job shows a time here on some releases, a number on others.
    progress: done ? slashedTime(job.finishesAt, timeZone) : Math.floor(part * 100),
    details: done ? job.details.map(line => element('line', line)) : '',
    warnings: '',
  });
  return element('job', ...values);
}
