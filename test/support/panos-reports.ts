import { type PanosClient, texts } from './panos-client.ts';
import type { ManualClock } from './manual-clock.ts';

export interface ReportRow {
  readonly src: string;
  readonly srcuser: string;
  readonly bytes: string;
}

/** The `cmd` of an inline report by source address and user. Times are the firewall's own, as `2026/05/11 09:15:00`. */
export function usageReport(start: string, end: string, rows = 500): string {
  const columns = '<aggregate-by><member>src</member><member>srcuser</member></aggregate-by>';
  const type = `<type><trsum>${columns}<values><member>bytes</member></values></trsum></type>`;
  return `${type}<sortby>bytes</sortby><start-time>${start}</start-time><end-time>${end}</end-time><topn>${rows}</topn>`;
}

/** The call that starts it. */
export function dynamicReport(cmd: string): Readonly<Record<string, string>> {
  return { type: 'report', reporttype: 'dynamic', reportname: 'custom-dynamic-report', cmd };
}

/** Starts a report, lets its job finish, and returns the document that it ends with. */
export async function runReport(
  client: PanosClient,
  clock: ManualClock,
  call: Readonly<Record<string, string>>,
  member = 0,
): Promise<string> {
  const { body } = await client.call(call, { member });
  const [job] = texts(body, 'job');
  if (job === undefined) throw new Error(`no job: ${body}`);
  await clock.advance(10_000);
  return (await client.call({ type: 'report', action: 'get', 'job-id': job }, { member })).body;
}

export function reportRows(body: string): readonly ReportRow[] {
  const [src, srcuser, bytes] = [texts(body, 'src'), texts(body, 'srcuser'), texts(body, 'bytes')];
  return src.map((address, index) => ({ src: address, srcuser: srcuser[index] ?? '?', bytes: bytes[index] ?? '?' }));
}
