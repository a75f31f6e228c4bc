import { Command, Option } from 'commander';
import { startApp } from '../app/app.ts';
import { type LogLevel, serviceLog } from '../app/log.ts';
import { systemClock } from '../core/clock.ts';
import { type ConfigOptions, configOptions } from './config-options.ts';
import { type Io, print, stopped } from './io.ts';

interface ServeOptions extends ConfigOptions {
  readonly 'web.listenAddress': string;
  readonly 'web.config.file'?: string;
  readonly 'log.level': LogLevel;
}

/** `unclog serve`: the service, until SIGINT or SIGTERM. SIGHUP reads the configuration again. */
export function serveCommand(io: Io): Command {
  return configOptions(new Command('serve'))
    .description('the service: metrics, webhook, console')
    .option('--web.listen-address <address>', 'address and port; port 0 for a free one', '127.0.0.1:10933')
    .option('--web.config.file <file>', "TLS and basic auth, in the format of Prometheus' exporters")
    .addOption(
      new Option('--log.level <level>', 'how much to tell').choices(['debug', 'info', 'warn', 'error']).default('info'),
    )
    .action(async (options: ServeOptions) => serve(io, options));
}

async function serve(io: Io, options: ServeOptions): Promise<void> {
  const webConfigFile = options['web.config.file'];
  const app = await startApp({
    configFile: options['config.file'],
    listenAddress: options['web.listenAddress'],
    env: io.env,
    clock: systemClock,
    log: serviceLog(options['log.level'], io.stderr),
    ...(webConfigFile === undefined ? {} : { webConfigFile }),
  });
  print(io, `unclog listens on ${app.url}`);
  // A configuration that cannot be used is told by the log and the metric; the old one stays in force.
  io.onReload(() => void app.reload().catch(() => undefined));
  await stopped(io.stopping);
  await app.stop();
}
