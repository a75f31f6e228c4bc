import { execFile } from 'node:child_process';
import { messageOf } from '../../core/errors.ts';

/** What a helper command ended with. `output` holds standard output and error, for messages. */
export interface Ended {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a command to its end, without a shell. Does not throw: a command that cannot start ends not ok. */
export function run(command: string, args: readonly string[], options: { readonly cwd?: string } = {}): Promise<Ended> {
  const settings = { ...options, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C' } };
  return new Promise(resolve => {
    execFile(command, args, settings, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      resolve({ ok: error === null, output: output === '' && error !== null ? messageOf(error) : output });
    });
  });
}
