import type { Clock } from '../../../core/clock.ts';
import { DeviceSurprise, DeviceUnreachable } from '../../../core/errors.ts';
import { logJob, queryTrafficLog } from '../commands.ts';
import { readLogJob, readLogPage } from '../replies/log-query.ts';
import type { PanosMember, PanosSession } from '../session.ts';
import type { Command } from '../xml/command.ts';
import { type LogPage, PAGE, type TrafficLog } from './entry.ts';

const LOOK_AGAIN_MS = 500;
const JOB_DEADLINE_MS = 30_000;

/** The traffic log of one member, asked by log jobs over the API. */
export function memberLog({ device, clock }: PanosSession, member: PanosMember): TrafficLog {
  const ask = (command: Command, signal: AbortSignal) => runQuery(device, clock, member, command, signal);
  const surprise = (found: string) => new DeviceSurprise({ device, tried: `traffic log of ${member.name}`, found });
  return {
    newest: async signal => {
      const { entries, count } = await ask(queryTrafficLog({ newest: true }), signal);
      if (count > entries.length) throw surprise('its newest entry has no number or time');
      return entries[0];
    },
    page: (from, skip, signal) => ask(queryTrafficLog({ from, skip, count: PAGE }), signal),
    surprise,
  };
}

/** A query becomes a job, which is asked for until it is done. */
async function runQuery(
  device: string,
  clock: Clock,
  member: PanosMember,
  command: Command,
  signal: AbortSignal,
): Promise<LogPage> {
  const job = readLogJob(await member.read(command, signal));
  const deadline = clock.monotonic() + JOB_DEADLINE_MS;
  for (;;) {
    const page = readLogPage(await member.read(logJob(job), signal));
    if (page) return page;
    if (clock.monotonic() >= deadline) {
      const found = `job ${job} is not done after ${JOB_DEADLINE_MS / 1_000} s`;
      throw new DeviceUnreachable({ device, tried: `${command.words} on ${member.name}`, found });
    }
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}
