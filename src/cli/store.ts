import { Command } from 'commander';
import { backupStore, checkStore, type FileCheck, restoreStore } from '../app/ledger.ts';
import { type ConfigOptions, configOptions, readConfig } from './config-options.ts';
import { type Io, print, printJson } from './io.ts';

/** `unclog store`: copies of the ledger, and whether it is sound. */
export function storeCommand(io: Io): Command {
  const store = new Command('store').description('copies of the ledger, and whether it is sound');
  configOptions(store.command('backup'))
    .description('write a checked copy to FILE, also while the service runs')
    .argument('<file>', 'must not exist')
    .action(async (file: string, options: ConfigOptions) => {
      const { config } = await readConfig(io, options);
      tell(io, file, await backupStore(config.store, file));
    });
  configOptions(store.command('restore'))
    .description('put FILE in the place of the ledger; the service must be stopped, the old ledger is kept beside it')
    .argument('<file>', 'a copy that unclog store backup wrote')
    .action(async (file: string, options: ConfigOptions) => {
      const { config } = await readConfig(io, options);
      const restored = await restoreStore(config.store, file, Date.now());
      print(io, `${restored.file}: ${restored.entries} entries, head ${restored.head}`);
      if (restored.aside !== undefined) print(io, `the ledger before it is kept as ${restored.aside}`);
    });
  configOptions(store.command('check'))
    .description('check the file, the hash chain and every case')
    .option('--json', 'print JSON')
    .action(async (options: ConfigOptions & { json?: true }) => {
      const { config } = await readConfig(io, options);
      const check = await checkStore(config.store);
      if (options.json) printJson(io, check);
      else tell(io, config.store, check);
      if (!check.sound) io.exit(1);
    });
  return store;
}

function tell(io: Io, what: string, check: FileCheck): void {
  if (check.sound) return print(io, `${what}: sound, ${check.entries} entries, head ${check.head}`);
  print(io, `${what}: NOT SOUND: ${check.detail}`);
  io.exit(1);
}
