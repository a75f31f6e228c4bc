/** A finished report in each of the five envelopes that were seen over report types and releases. */
import type { REPORT_ENVELOPES } from '../state/behaviour.ts';
import { element, elementWith, type Xml } from '../xml.ts';

type Envelope = (typeof REPORT_ENVELOPES)[number];

export interface FinishedReport {
  readonly attributes: Readonly<Record<string, string>>;
  /** What the inner `result` says about the window. */
  readonly window: Readonly<Record<string, string>>;
  readonly entries: readonly Xml[];
  /** The finished job, which two of the envelopes show again. Absent where there was none. */
  readonly job: Xml | undefined;
}

const shapes: Readonly<Record<Envelope, (report: FinishedReport) => Xml>> = {
  'response/result/report': report => response(element('result', ...jobOf(report), flat(report))),
  'response/result/report/result': report => response(element('result', ...jobOf(report), nested(report))),
  'response/report/result': report => response(nested(report)),
  'response/report': report => response(flat(report)),
  'report/result': nested,
};

export function reportDocument(envelope: Envelope, report: FinishedReport): string {
  return shapes[envelope](report).toString();
}

function response(...content: readonly Xml[]): Xml {
  return elementWith('response', { status: 'success' }, ...content);
}

function flat({ attributes, entries }: FinishedReport): Xml {
  return elementWith('report', attributes, ...entries);
}

function nested({ attributes, entries, window }: FinishedReport): Xml {
  return elementWith('report', attributes, elementWith('result', { ...attributes, ...window }, ...entries));
}

function jobOf({ job }: FinishedReport): readonly Xml[] {
  return job ? [job] : [];
}
