import { Command } from 'commander';
import { probeDevice } from '../app/offline.ts';
import { type ConfigOptions, configOptions, readConfig } from './config-options.ts';
import type { Io } from './io.ts';

interface ProbeOptions extends ConfigOptions {
  readonly collector?: string;
  readonly timeout: string;
}

/** `unclog probe`: one device's metrics, read now. Exit code 1 when a collector failed; why goes to standard error. */
export function probeCommand(io: Io): Command {
  return configOptions(new Command('probe'))
    .description("one device's metrics, read now, as Prometheus would see them")
    .argument('<device>', 'a configured device')
    .option('--collector <names>', 'only these, separated by commas')
    .option('--timeout <seconds>', 'how long it may take', '60')
    .action(async (device: string, options: ProbeOptions) => {
      const { config } = await readConfig(io, options);
      const collectors = options.collector?.split(',');
      const request = { device, deadlineMs: Number(options.timeout) * 1_000, ...(collectors && { collectors }) };
      const complete = await probeDevice(config, request, io.stdout, io.stderr);
      if (!complete) io.exit(1);
    });
}
