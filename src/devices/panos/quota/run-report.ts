import { DeviceUnreachable } from '../../../core/errors.ts';
import { type ReportRow, readReport } from '../replies/report.ts';
import type { PanosMember, PanosSession } from '../session.ts';
import type { Command } from '../xml/command.ts';
import { fetchReport } from './report-commands.ts';

const ASK_AGAIN_MS = [100, 200, 500];
const LONGEST_JOB_MS = 60_000;

/** Runs a report and waits for its job. No rows means no data. Throws DeviceUnreachable when it takes over a minute. */
export async function runReport(
  session: PanosSession,
  member: PanosMember,
  report: Command,
  signal: AbortSignal,
): Promise<readonly ReportRow[]> {
  const { clock, device } = session;
  const deadline = clock.monotonic() + LONGEST_JOB_MS;
  const first = await member.read(report, signal);
  let answer = readReport(first);
  const job = answer.kind === 'job' ? answer.id : undefined;
  if (answer.kind === 'job' && job === undefined) throw first.surprise('a report job without a number');
  for (let asked = 0; answer.kind === 'job'; asked += 1) {
    if (clock.monotonic() >= deadline) {
      const found = `job ${job ?? '?'} was not finished within a minute (${answer.percent ?? '?'} %)`;
      throw new DeviceUnreachable({ device, tried: `${report.words} on ${member.name}`, found });
    }
    await clock.sleep(ASK_AGAIN_MS[Math.min(asked, ASK_AGAIN_MS.length - 1)] ?? 0, signal);
    answer = readReport(await member.read(fetchReport(job ?? ''), signal));
  }
  return answer.rows;
}
