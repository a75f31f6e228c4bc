import type { Reply } from '../reply.ts';
import type { LogPage, TrafficEntry } from '../traffic-log/entry.ts';
import { readLogTime } from '../traffic-log/log-time.ts';
import { child, childrenNamed, childText, textOf, type XmlElement } from '../xml/element.ts';

/** The id of the job that a log query has become. Throws DeviceSurprise when there is none. */
export function readLogJob(reply: Reply): string {
  const job = childText(reply.result, 'job');
  if (job === undefined || !/^[1-9]\d{0,9}$/.test(job)) throw reply.surprise('no <job> with an id');
  return job;
}

const WAITING = ['PEN', 'PEND', 'ACT'];

/**
 * What a log query found; undefined while it waits or runs, when `<log>` can be absent or empty. `<logs count>` is not
 * believed: entries are counted. Throws DeviceSurprise when the job ended otherwise than with its entries. Seen on 11.0.6.
 */
export function readLogPage(reply: Reply): LogPage | undefined {
  const status = childText(child(reply.result, 'job'), 'status');
  if (status !== undefined && WAITING.includes(status)) return undefined;
  if (status !== 'FIN') throw reply.surprise(`the log query ended with the status ${status ?? '(none)'}`);
  const logs = child(child(reply.result, 'log'), 'logs');
  if (!logs) throw reply.surprise('a finished log query without <logs>');
  const entries = childrenNamed(logs, 'entry');
  return { entries: entries.flatMap(entry => readEntry(entry) ?? []), count: entries.length };
}

/** Undefined when it cannot be told apart from others, or is of another log. What else is missing stays undefined. */
function readEntry(entry: XmlElement): TrafficEntry | undefined {
  const fields = new Map(entry.children.map(field => [field.name, textOf(field)]));
  const type = fields.get('type');
  const number = fields.get('seqno');
  const receivedAt = readLogTime(fields.get('receive_time'), fields.get('high_res_timestamp'));
  if ((type !== undefined && type !== 'TRAFFIC') || number === undefined || receivedAt === undefined) return undefined;
  if (!/^\d{1,20}$/.test(number)) return undefined;
  const bytes = fields.get('bytes');
  return {
    serial: (fields.get('serial') ?? '').slice(0, 64),
    number: BigInt(number),
    receivedAt,
    start: fields.get('subtype') === 'start',
    action: fields.get('action'),
    reason: fields.get('session_end_reason'),
    application: fields.get('app'),
    bytes: bytes !== undefined && /^\d{1,20}$/.test(bytes) ? BigInt(bytes) : undefined,
  };
}
