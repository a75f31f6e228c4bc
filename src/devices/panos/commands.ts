import { Bug } from '../../core/errors.ts';
import { command, element, path, type Command } from './xml/command.ts';

/** Every operational command that is ever sent. Only `discardSession` changes anything. */

export const showSystemInfo = command(path('show', 'system', 'info'));

/** One second: with more, their order would matter, and it is not documented. */
export const showResourceMonitor = command(
  element('show', element('running', element('resource-monitor', element('second', element('last', '1'))))),
);

export const showIngressBacklogs = command(path('show', 'running', 'resource-monitor', 'ingress-backlogs'));

export const showPacketBufferProtection = command(path('show', 'session', 'packet-buffer-protection'));

export const showSessionInfo = command(path('show', 'session', 'info'));

export const showHaState = command(path('show', 'high-availability', 'state'));

export const showFloatingAddresses = command(path('show', 'high-availability', 'virtual-address'));

export const showJobs = command(path('show', 'jobs', 'all'));

export function showSession(id: string): Command {
  return command(element('show', element('session', element('id', id))));
}

/** The reason is a fixed text: it stands in the device's log, and nothing from an alert belongs there. */
const DISCARD_REASON = 'unclog: packet buffer abuse';

/** `timeoutSeconds`: how long the session stays in the state DISCARD, dropping its packets. */
export function discardSession(id: string, timeoutSeconds: number): Command {
  const timeout = element('timeout', String(timeoutSeconds));
  const reason = element('reason', DISCARD_REASON);
  return command(element('request', element('session-discard', timeout, reason, element('id', id))));
}

/** Which entries of the traffic log: the newest one, or those from a local time on (`2026/03/10 21:48:27`), oldest first. */
type TrafficQuery =
  { readonly newest: true } | { readonly from: string; readonly skip: number; readonly count: number };

/** A log query. The firewall answers with a job (`logJob`). */
export function queryTrafficLog(query: TrafficQuery): Command {
  const base = { type: 'log', 'log-type': 'traffic' };
  if ('newest' in query) {
    return { form: { ...base, nlogs: '1', dir: 'backward' }, words: 'log traffic newest' };
  }
  if (!/^\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}$/.test(query.from)) throw new Bug(`not a time: ${query.from}`);
  const text = `(receive_time geq '${query.from}')`;
  const paging = { nlogs: String(query.count), skip: String(query.skip), dir: 'forward' };
  return { form: { ...base, query: text, ...paging }, words: `log traffic ${text} skip ${query.skip}` };
}

/** The entries that a log query found, or how far it is. */
export function logJob(id: string): Command {
  return { form: { type: 'log', action: 'get', 'job-id': id }, words: `log job ${id}` };
}
