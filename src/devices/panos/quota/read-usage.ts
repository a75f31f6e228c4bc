import { membersInCharge } from '../acting-member.ts';
import { readHa } from '../ha-reading.ts';
import { readClock } from '../replies/clock.ts';
import type { PanosMember, PanosSession } from '../session.ts';
import { type Bucket, closedBucket, settledBucket } from './bucket.ts';
import { dynamicReport, savedReport, showClock } from './report-commands.ts';
import { runReport } from './run-report.ts';
import type { QuotaSettings } from './settings.ts';
import { sumUp, type Usage } from './usage.ts';

/**
 * Who used how much in the last bucket, from the members that carry traffic. Undefined when the report has no rows:
 * that says that there is no data, and never that nobody used anything.
 */
export async function readUsage(
  session: PanosSession,
  settings: QuotaSettings,
  signal: AbortSignal,
): Promise<Usage | undefined> {
  const acting = membersInCharge(await readHa(session, signal));
  const parts = await Promise.all(acting.map(member => readPart(session, settings, member, signal)));
  const rows = parts.flatMap(part => part.rows);
  const [first] = parts;
  if (!first || rows.length === 0) return undefined;
  const top = settings.report === 'dynamic' ? settings.top : Infinity;
  const cut = parts.some(part => sumUp(part.bucket, part.rows, top).truncated);
  return { ...sumUp(first.bucket, rows, top), truncated: cut };
}

async function readPart(session: PanosSession, settings: QuotaSettings, member: PanosMember, signal: AbortSignal) {
  const local = readClock(await member.read(showClock, signal));
  const now = session.clock.now();
  const dynamic = settings.report === 'dynamic';
  const bucket: Bucket = dynamic ? settledBucket(local, now) : closedBucket(local, now);
  const report = dynamic ? dynamicReport(bucket, settings.top, session.vsys) : savedReport(session.vsys);
  return { bucket, rows: await runReport(session, member, report, signal) };
}
