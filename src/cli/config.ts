import { Command } from 'commander';
import { configurationExample, configurationSchema, readConfiguration } from '../app/configuration.ts';
import { ConfigError } from '../core/errors.ts';
import { type Io, print, printJson } from './io.ts';

/** `unclog config`: whether a file is right, and how one looks. */
export function configCommand(io: Io): Command {
  const config = new Command('config').description('whether a configuration is right, and how one looks');
  config
    .command('check')
    .description('check FILE: every problem at once, with line and path; exit code 2 when there is one')
    .argument('<file>')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: true }) => check(io, file, options.json ?? false));
  config
    .command('schema')
    .description('the JSON Schema, for editors')
    .action(() => printJson(io, configurationSchema()));
  config
    .command('example')
    .description('a complete example with comments')
    .action(() => print(io, configurationExample().trimEnd()));
  return config;
}

async function check(io: Io, file: string, json: boolean): Promise<void> {
  try {
    const { config, warnings } = await readConfiguration(file, io.env);
    if (json) return printJson(io, { valid: true, problems: [], warnings });
    for (const warning of warnings) print(io, `warning: ${warning}`);
    print(io, `${file} is valid: ${config.devices.length} devices, ${config.policies.size} remedies`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.exit(2);
    if (json) printJson(io, { valid: false, problems: error.problems, warnings: [] });
    else print(io, error.message);
  }
}
