import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, startApp } from '../../app/app.ts';
import { systemClock } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { type Fleet, startFleet, writeClientFiles } from '../../simulators/fleet.ts';
import type { Io } from '../io.ts';
import { startAlertmanager } from './alertmanager.ts';
import {
  completeServiceConfig,
  type Surroundings,
  writeAlertmanagerConfig,
  writePrometheusConfig,
} from './configuration.ts';
import type { DemoLoop } from './loop.ts';
import { startPrometheus } from './prometheus.ts';

/** Everything that the demo runs, all on loopback. */
export interface Stage {
  readonly app: App;
  readonly fleet: Fleet;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  stop(): Promise<void>;
}

/**
 * Starts simulated devices, unclog, Alertmanager and Prometheus, joined as they are in earnest, in a folder that is
 * removed at the end. What was started is stopped when a later part does not come up.
 */
export async function setStage(
  io: Io,
  loops: readonly DemoLoop[],
  listenAddress: string,
  surroundings: Surroundings = {},
): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'unclog-demo-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const fleet = await startFleet([...new Set(loops.map(loop => loop.device))]);
    undo.push(() => fleet.close());
    const configFile = await writeClientFiles(fleet, folder);
    await completeServiceConfig(configFile, folder, loops);
    const app = await startApp({ configFile, listenAddress, env: io.env, log: silentLog, clock: systemClock });
    undo.push(() => app.stop());
    const alertmanagerConfig = await writeAlertmanagerConfig(folder, app.url);
    const alertmanager = await startAlertmanager({ configFile: alertmanagerConfig, dataFolder: folder });
    undo.push(() => alertmanager.stop());
    const prometheusConfig = await writePrometheusConfig(folder, app.url, alertmanager.url, surroundings);
    const prometheus = await startPrometheus({ configFile: prometheusConfig, dataFolder: folder });
    undo.push(() => prometheus.stop());
    return { app, fleet, prometheusUrl: prometheus.url, alertmanagerUrl: alertmanager.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
