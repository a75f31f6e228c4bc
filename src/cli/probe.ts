import { Command } from 'commander';
import { withFleet } from '../app/offline.ts';
import { systemClock } from '../core/clock.ts';
import { Refusal } from '../core/errors.ts';
import { writeExposition } from '../observe/exposition.ts';
import { Observer } from '../observe/observer.ts';
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
    .action(async (device: string, options: ProbeOptions) => probe(io, device, options));
}

async function probe(io: Io, name: string, options: ProbeOptions): Promise<void> {
  const { config } = await readConfig(io, options);
  await withFleet(
    config,
    name,
    async (fleet, log) => {
      const device = fleet.get(name);
      const collectors = options.collector?.split(',');
      const known = device?.collectors.map(collector => collector.name) ?? [];
      const unknown = collectors?.find(collector => !known.includes(collector));
      if (unknown !== undefined)
        throw new Refusal('unknown-collector', `no collector ${unknown}; known: ${known.join(', ')}`);
      const tally = { samplesRejected: () => {}, seriesDropped: () => {} };
      const observer = new Observer([...fleet.values()], { clock: systemClock, log, tally });
      const families = await observer.observe({
        deadlineMs: Number(options.timeout) * 1_000,
        cadenced: 'now',
        ...(collectors === undefined ? {} : { collectors }),
      });
      for await (const chunk of writeExposition(families, 'text')) io.stdout.write(chunk);
      const failed = observer.status().some(status => status.collectors.some(collector => collector.success === false));
      if (failed) io.exit(1);
    },
    io.stderr,
  );
}
