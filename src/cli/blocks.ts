import { Command } from 'commander';
import { withLedger } from '../app/ledger.ts';
import type { Case } from '../core/case.ts';
import { formatDuration } from '../core/duration.ts';
import { Refusal } from '../core/errors.ts';
import { targetText } from '../core/target.ts';
import {
  type ConfigOptions,
  configOptions,
  readConfig,
  serviceOf,
  type ServiceOptions,
  serviceOptions,
} from './config-options.ts';
import { type Io, print, printJson } from './io.ts';
import { postToService } from './service-client.ts';
import { table } from './table.ts';

const ALL = 100_000;

/** `unclog blocks`: what is blocked now, and taking it back. */
export function blocksCommand(io: Io): Command {
  const blocks = new Command('blocks').description('what is blocked now, and taking it back');
  configOptions(blocks.command('list'))
    .description('the blocks that stand, soonest end first')
    .option('--json', 'print JSON')
    .action(async (options: ConfigOptions & { json?: true }) => {
      const { config } = await readConfig(io, options);
      const standing = await withLedger(config.store, store =>
        store.cases({ states: ['holding', 'releasing'], limit: ALL }),
      );
      const soonest = [...standing].sort((one, other) => (one.dueAt ?? 0) - (other.dueAt ?? 0));
      if (options.json) printJson(io, soonest);
      else print(io, table(['ID', 'DEVICE', 'REMEDY', 'TARGET', 'STATE', 'ENDS', 'LEFT'], soonest.map(blockRow)));
    });
  serviceOptions(configOptions(blocks.command('release')))
    .description('take blocks back before their end; they stay back for the cooldown')
    .argument('[id...]', 'cases, as unclog blocks list shows them')
    .option('--device <name>', 'every block of this device')
    .action(async (ids: readonly string[], options: ConfigOptions & ServiceOptions & { device?: string }) => {
      const { config } = await readConfig(io, options);
      const chosen =
        options.device === undefined ? ids : [...ids, ...(await idsOfDevice(config.store, options.device))];
      if (chosen.length === 0) throw new Refusal('nothing-to-release', 'no block was named, or the device has none');
      for (const id of chosen) {
        await postToService(serviceOf(config, options), `/api/v1/blocks/${encodeURIComponent(id)}/release`, {});
        print(io, `${id} is being released`);
      }
    });
  return blocks;
}

async function idsOfDevice(store: string, device: string): Promise<readonly string[]> {
  const held = await withLedger(store, ledger => ledger.cases({ device, states: ['holding'], limit: ALL }));
  return held.map(subject => subject.id);
}

function blockRow(subject: Case): readonly string[] {
  const { id, device, remedy, state, dueAt = 0 } = subject;
  const left = dueAt - Date.now();
  const leftText = left >= 0 ? formatDuration(left) : `overdue by ${formatDuration(-left)}`;
  return [id, device, remedy, targetText(subject.target), state, new Date(dueAt).toISOString(), leftText];
}
