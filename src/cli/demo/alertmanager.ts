import { join } from 'node:path';
import { program } from '../programs/program.ts';
import { startDaemon, type Daemon } from './daemon.ts';

export interface AlertmanagerStart {
  readonly configFile: string;
  /** An empty or new folder for its data. */
  readonly dataFolder: string;
  readonly port?: number;
  /** Further flags, as `--log.level=debug`. */
  readonly flags?: readonly string[];
}

/** Starts a real Alertmanager on loopback, alone: without a cluster. */
export async function startAlertmanager(start: AlertmanagerStart): Promise<Daemon> {
  const binary = await program('alertmanager');
  return startDaemon({
    name: 'Alertmanager',
    binary,
    ...(start.port === undefined ? {} : { port: start.port }),
    args: port => [
      `--config.file=${start.configFile}`,
      `--storage.path=${join(start.dataFolder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      ...(start.flags ?? []),
    ],
  });
}
