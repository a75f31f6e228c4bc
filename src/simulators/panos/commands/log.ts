/** `type=log`: a query over the traffic log as a job that is polled. Shapes as recorded on 11.0.6-h1. */
import type { Answer, Call, Command } from '../command.ts';
import { type FilterQuery, parseQuery } from '../filter-query.ts';
import { document, enqueued, failure, refusal, type Reply, success } from '../replies.ts';
import { jobElement, percentOf } from '../query-job-reply.ts';
import type { QueryJob } from '../state/query-jobs.ts';
import type { TrafficEntry } from '../state/traffic-log.ts';
import { positionOf, TrafficEntryWriter } from '../traffic-entry.ts';
import { trafficQueryFields } from '../traffic-query-fields.ts';
import { element, elementWith } from '../xml.ts';

export const logCommands: readonly Command[] = [
  { type: 'log', action: 'get', changes: false, answer: call => ({ reply: poll(call) }) },
  { type: 'log', changes: false, answer: submit },
];

const DEFAULT_ENTRIES = 20;
const MOST_ENTRIES = 5_000;

interface LogOrder {
  readonly query: FilterQuery<TrafficEntry>;
  readonly entries: number;
  readonly skip: number;
  readonly forward: boolean;
}

function submit(call: Call): Answer {
  const { member, state } = call;
  const order = readOrder(call);
  if ('status' in order) return { reply: order };
  const { queryJobMs, queryKeptMs, queryQueueMs } = state.behaviour;
  const id = member.queries.nextId;
  const enqueuedAt = state.now();
  const startsAt = enqueuedAt + queryQueueMs;
  const finishesAt = startsAt + queryJobMs;
  const job: Omit<QueryJob, 'id'> = {
    kind: 'log',
    enqueuedAt,
    startsAt,
    finishesAt,
    expiresAt: finishesAt + queryKeptMs,
    answer: () => {
      const entries = found(call, order, finishesAt);
      const attributes = { count: String(entries.length), progress: '100' };
      const opening = elementWith('logs', attributes).toString().replace('</logs>', '');
      const shown = jobElement(state, { ...job, id }, 'PEN', false).toString();
      return `<response status="success"><result>${shown}<log>${opening}${entries.join('')}</logs></log></result></response>`;
    },
  };
  return { reply: enqueued('query', id), effect: () => member.queries.add(job) };
}

function poll({ member, request, state }: Call): Reply {
  const id = request.parameters.get('job-id') ?? '';
  const now = state.now();
  const job = member.queries.find('log', id, now);
  if (!job) return failure(7, `job ${id} not found`);
  if (now >= job.finishesAt) return document(job.answer());
  const shown = jobElement(state, job, 'PEN', false);
  if (now < job.startsAt) return success(shown);
  // No entries are shown before the end, and this count says nothing about them.
  const logs = elementWith('logs', { count: '0', progress: String(percentOf(job, now)) });
  return success(shown, element('log', logs));
}

function readOrder(call: Call): LogOrder | Reply {
  const { parameters } = call.request;
  if (parameters.get('log-type') !== 'traffic') return refusal(400, 'Invalid value for parameter "log-type".');
  const entries = count(parameters.get('nlogs') ?? String(DEFAULT_ENTRIES));
  const skip = count(parameters.get('skip') ?? '0');
  const dir = parameters.get('dir') ?? 'backward';
  if (entries === undefined || entries < 1 || entries > MOST_ENTRIES) return failure(17, 'Invalid value for nlogs');
  if (skip === undefined) return failure(17, 'Invalid value for skip');
  if (dir !== 'backward' && dir !== 'forward') return failure(17, 'Invalid value for dir');
  const fields = trafficQueryFields(call.state.members.indexOf(call.member));
  const query = parseQuery(parameters.get('query') ?? '', fields, call.state.platform.timeZone);
  return 'error' in query ? failure(17, query.error) : { query, entries, skip, forward: dir === 'forward' };
}

function found({ member, state }: Call, { entries, forward, query, skip }: LogOrder, until: number): readonly string[] {
  const { traffic } = member;
  const index = state.members.indexOf(member);
  const writer = new TrafficEntryWriter(state, member);
  // An entry is never read before the time that it was received at.
  const first = Math.max(0, positionOf(index, query.from.seqno), traffic.firstAfter(query.from.time - 1));
  const end = traffic.firstAfter(until);
  const shown: string[] = [];
  let passed = 0;
  for (let step = 0; step < end - first && shown.length < entries; step++) {
    const entry = traffic.entry(forward ? first + step : end - 1 - step);
    if (query.matches(entry) && ++passed > skip) shown.push(writer.write(entry));
  }
  return shown;
}

function count(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
