import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A command line, without a shell. */
export type CommandLine = readonly [program: string, ...args: string[]];

export interface Run {
  readonly seconds: number;
  /** Time of processors, all threads together; undefined where it cannot be measured. */
  readonly cpuSeconds: number | undefined;
  /** Peak resident memory; undefined where it cannot be measured. */
  readonly peakBytes: number | undefined;
  readonly output: string;
}

const TIME = '/usr/bin/time';

/** Runs a command as a whole process and measures it from outside. Throws when it fails. */
export function measure(command: CommandLine, keepOutput = false): Run {
  const timed = existsSync(TIME) ? [TIME, '-f', 'peak %M cpu %U %S', ...command] : [...command];
  const [program = '', ...args] = timed;
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
    stdio: ['ignore', keepOutput ? 'pipe' : 'ignore', 'pipe'],
  });
  const seconds = (performance.now() - started) / 1000;
  if (error ?? (status !== 0 && status !== 1))
    throw error ?? new Error(`${command.join(' ')}: exit ${status}: ${stderr.slice(-300)}`);
  const [, peak, user, system] = /^peak (\d+) cpu ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? [];
  return {
    seconds,
    cpuSeconds: user === undefined ? undefined : Number(user) + Number(system),
    peakBytes: peak === undefined ? undefined : Number(peak) * 1024,
    output: keepOutput ? stdout : '',
  };
}

/** The middle value; the lower one of two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? NaN;
}
