import type { Command } from 'commander';
import { type Config, type LoadedConfig, readConfiguration } from '../app/configuration.ts';
import type { Io } from './io.ts';
import type { ServiceAddress } from './service-client.ts';

export interface ConfigOptions {
  readonly 'config.file': string;
}

export interface ServiceOptions {
  readonly url: string;
}

/** Adds `--config.file`, as exporters call it. */
export function configOptions(command: Command): Command {
  return command.option('--config.file <file>', 'the configuration', 'unclog.yml');
}

/** Adds `--url`: where the running service listens. */
export function serviceOptions(command: Command): Command {
  return command.option('--url <url>', 'where unclog serve listens', 'http://127.0.0.1:10933');
}

/** Loads the configuration that the options name. Warnings go to standard error. Throws ConfigError. */
export async function readConfig(io: Io, options: ConfigOptions): Promise<LoadedConfig> {
  const loaded = await readConfiguration(options['config.file'], io.env);
  for (const warning of loaded.warnings) io.stderr.write(`unclog: warning: ${warning}\n`);
  return loaded;
}

/** The running service, with the operator token of the configuration where there is one. */
export function serviceOf(config: Config, options: ServiceOptions): ServiceAddress {
  const token = config.server.operatorToken;
  return { url: options.url, ...(token === undefined ? {} : { token }) };
}
