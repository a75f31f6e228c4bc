import { InvalidArgumentError, type Command } from 'commander';

/** What every verb over captures can be told. */
export interface StudyFlags {
  readonly workers: number;
  readonly progress: boolean;
}

/** Adds the options that every verb over captures has. */
export function studyFlags(command: Command): Command {
  return command
    .option('--workers <n>', 'threads that read a large file (more than one pays off above 1 GB)', parseWorkers, 1)
    .option('--no-progress', 'no progress line on the terminal');
}

function parseWorkers(text: string): number {
  if (!/^([1-9]|1[0-6])$/.test(text)) throw new InvalidArgumentError('a whole number from 1 to 16');
  return Number(text);
}
