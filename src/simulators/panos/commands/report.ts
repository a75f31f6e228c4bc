/**
 * `type=report`: an inline definition, or the saved report `Quota`, as a job that is polled. The XML of such a job is
 * reconstructed from public clients; no capture of it is known.
 */
import type { Answer, Call, Command } from '../command.ts';
import { document, enqueued, failure, refusal, type Reply, success } from '../replies.ts';
import { jobElement } from '../query-job-reply.ts';
import { type ReportDefinition, readDefinition, savedQuotaReport } from '../report-definition.ts';
import { reportDocument } from '../report-envelopes.ts';
import { slashedTime } from '../state/local-time.ts';
import type { QueryJob } from '../state/query-jobs.ts';
import { reportRows } from '../state/report-rows.ts';
import type { UsageRow } from '../state/usage.ts';
import { inVsys } from '../vsys.ts';
import { element, fields, type Xml } from '../xml.ts';

export const reportCommands: readonly Command[] = [
  { type: 'report', action: 'get', changes: false, answer: call => ({ reply: poll(call) }) },
  { type: 'report', changes: false, answer: inVsys(submit) },
];

function submit(call: Call): Answer {
  const { member, state } = call;
  const definition = definitionOf(call);
  if ('reply' in definition) return definition;
  const { queryJobMs, queryKeptMs, reportSubmit } = state.behaviour;
  if (reportSubmit === 'direct') return { reply: document(finished(call, definition, undefined)) };
  const id = member.queries.nextId;
  const now = state.now();
  return {
    reply: enqueued('Report', id),
    effect: () => {
      const job: Omit<QueryJob, 'id'> = {
        kind: 'report',
        enqueuedAt: now,
        startsAt: now,
        finishesAt: now + queryJobMs,
        expiresAt: now + queryJobMs + queryKeptMs,
        answer: () => finished(call, definition, jobElement(state, { ...job, id }, 'ACT', true)),
      };
      member.queries.add(job);
    },
  };
}

function poll({ member, request, state }: Call): Reply {
  const id = request.parameters.get('job-id') ?? '';
  const job = member.queries.find('report', id, state.now());
  if (!job) return failure(7, `job ${id} not found`);
  const done = state.now() >= job.finishesAt;
  return done ? document(job.answer()) : success(jobElement(state, job, 'ACT', true));
}

function definitionOf({ request, state }: Call): ReportDefinition | Answer {
  const name = request.parameters.get('reportname') ?? '';
  const time = { now: state.now(), timeZone: state.platform.timeZone };
  switch (request.parameters.get('reporttype')) {
    case 'custom':
      if (name !== 'Quota') return { reply: failure(7, 'Object not present') };
      return savedQuotaReport(state.behaviour.savedReportRows, time);
    case 'dynamic': {
      const definition = readDefinition(name, request.parameters.get('cmd') ?? '', time);
      return definition ?? { reply: failure(17, 'Invalid report definition') };
    }
    default:
      return { reply: refusal(400, 'Invalid value for parameter "reporttype".') };
  }
}

function finished({ member, state }: Call, definition: ReportDefinition, job: Xml | undefined): string {
  const { columns, matches, rows, sortBy, values, window } = definition;
  // A value column that the database does not have, or no window where one is looked for: success without rows.
  const answerable = window && values.every(value => value === 'bytes');
  const wanted = { columns, rows, sorted: sortBy === 'bytes', matches };
  const found = answerable ? reportRows(member, { ...wanted, window }, state.now()) : [];
  const { timeZone } = state.platform;
  const from = window?.from ?? 0;
  const to = window?.to ?? 0;
  return reportDocument(state.behaviour.reportEnvelope, {
    attributes: { reportname: definition.name, logtype: 'trsum' },
    window: {
      start: slashedTime(from, timeZone),
      'start-epoch': String(from / 1_000),
      end: slashedTime(to, timeZone),
      'end-epoch': String(to / 1_000),
      'generated-at': slashedTime(state.now(), timeZone),
      'generated-at-epoch': String(Math.floor(state.now() / 1_000)),
    },
    entries: found.map(row => entry(row, columns)),
    job,
  });
}

function entry(row: UsageRow, columns: ReportDefinition['columns']): Xml {
  const cells = columns.flatMap(column => {
    const resolved = ['src', 'dst'].includes(column) ? [[`resolved-${column}`, row[column]] as const] : [];
    return [[column, row[column]] as const, ...resolved];
  });
  return element('entry', ...fields({ ...Object.fromEntries(cells), bytes: String(row.bytes) }));
}
