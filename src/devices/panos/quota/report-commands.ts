import { command, type Command, element, path, write } from '../xml/command.ts';
import type { Bucket } from './bucket.ts';

export const showClock = command(path('show', 'clock'));

/** The report of a bucket, described in the call: nothing is saved on the device. At most `top` rows, largest first. */
export function dynamicReport({ first, last }: Bucket, top: number, vsys: string | undefined): Command {
  const columns = element('aggregate-by', element('member', 'src'), element('member', 'srcuser'));
  const sum = element('values', element('member', 'bytes'));
  const definition = [
    element('type', element('trsum', columns, sum)),
    element('sortby', 'bytes'),
    // In the definition: on the URL the device passes over them in silence (11.x).
    element('start-time', first),
    element('end-time', last),
    element('topn', String(top)),
  ];
  return reportCall(
    { reporttype: 'dynamic', reportname: 'custom-dynamic-report', cmd: definition.map(write).join('') },
    vsys,
    `report bytes by source address and user, ${first} to ${last}, top ${top}`,
  );
}

/** The report `Quota` that the device's administrator made: sorted by bytes, last 15 minutes, not grouped. */
export function savedReport(vsys: string | undefined): Command {
  return reportCall({ reporttype: 'custom', reportname: 'Quota' }, vsys, 'report Quota');
}

/** What a report job has come to. Report jobs are not in the device's table of jobs. */
export function fetchReport(job: string): Command {
  return { form: { type: 'report', action: 'get', 'job-id': job }, words: `report job ${job}` };
}

function reportCall(form: Readonly<Record<string, string>>, vsys: string | undefined, words: string): Command {
  return { form: { type: 'report', async: 'yes', ...form, ...(vsys !== undefined && { vsys }) }, words };
}
