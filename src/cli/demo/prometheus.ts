import { join } from 'node:path';
import { program } from '../programs/program.ts';
import { startDaemon, type Daemon } from './daemon.ts';

export interface PrometheusStart {
  readonly configFile: string;
  /** An empty or new folder for its data. */
  readonly dataFolder: string;
  readonly port?: number;
  /** Further flags, as `--log.level=debug`. */
  readonly flags?: readonly string[];
}

/**
 * Starts a real Prometheus on loopback. Its first scrape comes 5 to 6 s after the start, whatever the interval (a tick
 * of its service discovery): a test suite starts one and keeps it.
 */
export async function startPrometheus(start: PrometheusStart): Promise<Daemon> {
  const binary = await program('prometheus');
  return startDaemon({
    name: 'Prometheus',
    binary,
    ...(start.port === undefined ? {} : { port: start.port }),
    args: port => [
      `--config.file=${start.configFile}`,
      `--storage.tsdb.path=${join(start.dataFolder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
      // Alertmanager takes an alert as resolved after four missed repeats; a minute each is too slow to watch.
      '--rules.alert.resend-delay=1s',
      ...(start.flags ?? []),
    ],
  });
}
