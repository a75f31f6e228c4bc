import { PartialResult } from '../../../core/errors.ts';
import { type Metric, sample, type Sample } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import type { PanosMember, PanosSession } from '../session.ts';
import { firstCursor, readState, type TrafficState, writeState } from '../traffic-log/cursor.ts';
import { memberLog } from '../traffic-log/member-log.ts';
import { type Progress, readOn } from '../traffic-log/read-on.ts';
import type { Tally } from '../traffic-log/tally.ts';
import { verdictOf } from '../vocabulary/verdict.ts';

const PER_END = { kind: 'counter', labels: ['session_end_reason', 'action', 'verdict'] } as const;

const sessions: Metric = {
  ...PER_END,
  name: 'panos_traffic_sessions_total',
  help: 'Ended sessions in the traffic logs of all members since unclog first read them.',
};

const bytes: Metric = {
  ...PER_END,
  name: 'panos_traffic_bytes_total',
  help: 'Bytes of these sessions, both directions.',
};

const unidentified: Metric = {
  name: 'panos_traffic_unidentified_sessions_total',
  help: 'Those of these sessions that have no application, by the word that stands for it.',
  kind: 'counter',
  labels: ['application'],
};

const lag: Metric = {
  name: 'panos_traffic_log_lag_seconds',
  help: 'How far the reading of the traffic log is behind its newest entry. 0 when all of it was read.',
  kind: 'gauge',
  labels: ['member'],
};

const unreadable: Metric = {
  name: 'panos_traffic_log_unreadable_entries',
  help: 'Entries of the last reading without a number or a time, which were not counted.',
  kind: 'gauge',
  labels: ['member'],
};

/** Where cursors and counters are kept. */
const MEMORY_KEY = 'traffic-log';

/** A run ends after so many queries, or half of its cadence, so that it never holds the queue of the device for long. */
const MOST_PAGES = 20;

const DEFAULT_EVERY_SECONDS = 60;

/**
 * How sessions end, counted from the traffic log: off unless `traffic_log.enabled` is set, because each query is a search
 * on the management plane. At most 20 queries a member and run, one after the other.
 */
export const trafficLog: Collector<PanosSession> = {
  name: 'traffic-log',
  cadence: DEFAULT_EVERY_SECONDS,
  cadenceOf: ({ trafficLog: { everyMs } }) => everyMs / 1_000,
  metrics: [sessions, bytes, unidentified, lag, unreadable],
  collect: async (session, signal) => {
    if (!session.trafficLog.enabled) return [];
    const state = readState(await session.memory.get(MEMORY_KEY));
    const samples: Sample[] = [];
    const errors: unknown[] = [];
    for (const member of session.members) {
      try {
        samples.push(...progressSamples(member, await readMember(session, member, state, signal)));
      } catch (error) {
        errors.push(error);
      }
    }
    const saved = errors.length === 0 ? state : readState(await session.memory.get(MEMORY_KEY));
    const all = [...tallySamples(saved.tally), ...samples];
    if (errors.length > 0) throw new PartialResult(all, errors);
    return all;
  },
};

/** Undefined when the log is empty. */
async function readMember(
  session: PanosSession,
  member: PanosMember,
  state: TrafficState,
  signal: AbortSignal,
): Promise<Progress | undefined> {
  const log = memberLog(session, member);
  const newest = await log.newest(signal);
  const save = () => session.memory.put(MEMORY_KEY, writeState(state));
  let cursor = state.cursors.get(member.name);
  if (!cursor) {
    // Counting begins with what is newest now: the log can reach back for months.
    cursor = firstCursor(newest?.receivedAt);
    state.cursors.set(member.name, cursor);
    await save();
  }
  if (!newest) return undefined;
  const until = session.clock.monotonic() + session.trafficLog.everyMs / 2;
  let pages = 0;
  const mayGoOn = () => ++pages < MOST_PAGES && session.clock.monotonic() < until && !signal.aborted;
  return readOn({ log, cursor, tally: state.tally, save, mayGoOn }, newest, signal);
}

function progressSamples({ name: member }: PanosMember, progress: Progress | undefined): readonly Sample[] {
  const { lagSeconds, unreadable: count } = progress ?? { lagSeconds: 0, unreadable: 0 };
  return [sample(lag, { member }, lagSeconds), sample(unreadable, { member }, count)];
}

function tallySamples(tally: Tally): readonly Sample[] {
  return [
    ...tally.counts().flatMap(({ reason, action, sessions: count, bytes: sum }) => {
      const labels = { session_end_reason: reason, action, verdict: verdictOf(action, reason) };
      return [sample(sessions, labels, count), sample(bytes, labels, sum)];
    }),
    ...tally.unidentified().map(([application, count]) => sample(unidentified, { application }, count)),
  ];
}
