import type { Reply } from '../reply.ts';
import { child, childrenNamed, childText, type XmlElement } from '../xml/element.ts';

/** One row of a report over source address and source user. */
export interface ReportRow {
  /** As sent; mostly an address. */
  readonly source: string;
  /** Empty where the device knows no user. */
  readonly user: string;
  readonly bytes: bigint;
}

/** A report, or the job that makes it. */
export type ReportAnswer =
  | { readonly kind: 'rows'; readonly rows: readonly ReportRow[] }
  | { readonly kind: 'job'; readonly id: string | undefined; readonly percent: string | undefined };

/** States of a job that goes on. Others than these and FIN have failed. */
const UNDER_WAY = ['ACT', 'PEN', 'PEND'];

/**
 * An answer of `type=report`. A report stands in one of five places, by type and release: under `response/result`,
 * `response` or bare, with or without a `<result>` of its own. It is looked for first: 7.1 sends the last state of the
 * job along. A job that is finished without a report has no rows. Throws DeviceSurprise for a job that failed, and for
 * rows without `<src>` or with a sum that is no number.
 */
export function readReport(reply: Reply): ReportAnswer {
  const report = findReport(reply);
  if (report) return { kind: 'rows', rows: readRows(reply, report) };
  const job = child(reply.result, 'job');
  if (!job) throw reply.surprise('neither a report nor a job');
  const status = childText(job, 'status');
  if (status === 'FIN') return { kind: 'rows', rows: [] };
  if (status !== undefined && !UNDER_WAY.includes(status)) throw reply.surprise(`the report job is ${status}`);
  const id = childText(job, 'id') ?? (/^\d{1,10}$/.test(job.text.trim()) ? job.text.trim() : undefined);
  return { kind: 'job', id, percent: childText(job, 'percent') };
}

function findReport({ root, result }: Reply): XmlElement | undefined {
  if (root.name === 'report') return root;
  return child(result, 'report') ?? child(root, 'report');
}

function readRows(reply: Reply, report: XmlElement): readonly ReportRow[] {
  const entries = childrenNamed(child(report, 'result') ?? report, 'entry');
  return entries.map(entry => {
    const source = childText(entry, 'src');
    const bytes = childText(entry, 'bytes');
    if (source === undefined || bytes === undefined) {
      throw reply.surprise('a row without <src> or <bytes>: the report needs Source address, Source user, Bytes');
    }
    if (!/^\d{1,30}$/.test(bytes)) throw reply.surprise(`"${bytes.slice(0, 40)}" is not a number of bytes`);
    return { source, user: childText(entry, 'srcuser') ?? '', bytes: BigInt(bytes) };
  });
}
