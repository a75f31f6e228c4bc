import { Command, InvalidArgumentError } from 'commander';
import { type Control, startControl } from '../simulators/control.ts';
import { type Fleet, startFleet, writeClientFiles } from '../simulators/fleet.ts';
import { type Io, stopped } from './io.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

interface Options {
  readonly listen: Address;
  readonly directory: string;
  readonly device?: readonly string[];
  readonly json?: boolean;
}

/** `unclog simulate`: the simulated devices alone, until SIGINT or SIGTERM. */
export function simulateCommand(io: Io): Command {
  return new Command('simulate')
    .description('run simulated devices with faults to order, and write a configuration that fits them')
    .option(
      '--listen <address>',
      'where to take orders: a loopback address and port, 0 for a free one',
      parseAddress,
      parseAddress('127.0.0.1:0'),
    )
    .option('--directory <path>', 'where to write credentials and a matching unclog.yml', 'data/simulate')
    .option('--device <name...>', 'start these only')
    .option('--json', 'print for programs: one JSON object when all is up')
    .action(async (options: Options) => simulate(io, options));
}

async function simulate(io: Io, options: Options): Promise<void> {
  const fleet = await startFleet(options.device);
  try {
    const control = await startControl(fleet, options.listen.host, options.listen.port);
    try {
      const configuration = await writeClientFiles(fleet, options.directory);
      io.stdout.write(options.json ? asJson(fleet, control, configuration) : asText(fleet, control, configuration));
      await stopped(io.stopping);
    } finally {
      await control.close();
    }
  } finally {
    await fleet.close();
  }
}

function asJson(fleet: Fleet, control: Control, configuration: string): string {
  const devices = fleet.devices.map(({ name, driver, addresses }) => ({ name, driver, addresses }));
  return `${JSON.stringify({ control: control.url, configuration, devices })}\n`;
}

function asText(fleet: Fleet, control: Control, configuration: string): string {
  const devices = fleet.devices.map(({ name, driver, addresses }) => `${name} (${driver}): ${addresses.join(', ')}`);
  return [
    ...devices,
    `configuration: ${configuration}`,
    `orders:        ${control.url}/devices (docs/SIMULATOR.md)`,
    'Ctrl-C stops.',
    '',
  ].join('\n');
}

function parseAddress(text: string): Address {
  const match = /^(127\.0\.0\.1|\[::1\]|localhost):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) {
    throw new InvalidArgumentError('A loopback address and port is expected, as 127.0.0.1:0 or [::1]:8080.');
  }
  return { host: match[1] === '[::1]' ? '::1' : '127.0.0.1', port };
}
