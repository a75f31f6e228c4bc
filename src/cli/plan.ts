import { Command } from 'commander';
import { type Preview, previewRemedy } from '../app/offline.ts';
import { Refusal } from '../core/errors.ts';
import { parseTarget, type Target } from '../core/target.ts';
import { type ConfigOptions, configOptions, readConfig } from './config-options.ts';
import { planLines } from './describe-case.ts';
import { type Io, print, printJson } from './io.ts';

/** `unclog plan`: what a remedy would do, now, on the live device. Changes nothing. */
export function planCommand(io: Io): Command {
  return configOptions(new Command('plan'))
    .description('what a remedy would do, now, on the live device; changes nothing')
    .argument('<remedy>', 'as panos/discard-sessions')
    .argument('<device>', 'a configured device')
    .option('--target <kind:value>', 'address:192.0.2.7, user:corp\\ann, group:…, peer:…')
    .option('--json', 'print JSON')
    .action(async (remedy: string, device: string, options: ConfigOptions & { target?: string; json?: true }) => {
      const target = readTarget(options.target);
      const { config } = await readConfig(io, options);
      const preview = await previewRemedy(config, remedy, device, target, io.stderr);
      if (options.json) printJson(io, preview);
      else print(io, describe(preview));
      if (preview.kind === 'refused') io.exit(1);
    });
}

function describe(preview: Preview): string {
  if (preview.kind === 'refused') return `refused (${preview.reason}): ${preview.detail}`;
  if (preview.kind === 'plan')
    return [...planLines(preview.plan), `plan ${preview.planHash}; mode ${preview.mode}`].join('\n');
  const read = preview.before.map(({ name, value, unit }) => `  read: ${name} ${value} ${unit}`);
  return [`nothing to do: ${preview.detail}`, ...read].join('\n');
}

function readTarget(text: string | undefined): Target {
  if (text === undefined) return { kind: 'device' };
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  if (kind === 'address' || kind === 'user' || kind === 'group' || kind === 'peer') {
    const target = parseTarget(kind, text.slice(colon + 1));
    if (target) return target;
  }
  throw new Refusal('bad-target', `--target ${text}: expected address:IP, user:NAME, group:NAME or peer:IP`);
}
