import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { Bus } from '../core/bus.ts';
import type { Clock } from '../core/clock.ts';
import { ConfigError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { drivers } from '../devices/registry.ts';
import { createHttpApp } from '../http/app.ts';
import { type Listening, listen } from '../http/listen.ts';
import { tapped } from '../observe/probe-log.ts';
import { ServiceMetrics } from '../observe/service-metrics.ts';
import { watchHappenings } from '../observe/watch-happenings.ts';
import { Remediator } from '../remediate/remediator.ts';
import type { Store } from '../store/contract.ts';
import { openStore } from '../store/open.ts';
import { build } from './build.ts';
import { cronLog } from './cron-log.ts';
import { InForce } from './in-force.ts';
import { logHappenings } from './log-happenings.ts';
import { startTicks } from './ticks.ts';

export interface AppOptions {
  readonly configFile: string;
  /** `127.0.0.1:0` for a free port. */
  readonly listenAddress: string;
  readonly webConfigFile?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The running service. */
export interface App {
  readonly url: string;
  readonly bus: Bus;
  /** Loads the configuration again and swaps it whole. Rejects with ConfigError, with the old one still in force. */
  reload(): Promise<void>;
  /** Takes no more requests, stops in the middle of what it does, and closes everything. */
  stop(): Promise<void>;
}

/** Builds everything from the configuration and starts it. What was opened is closed again when a later part fails. */
export async function startApp(options: AppOptions): Promise<App> {
  const loaded = await loadConfig(options.configFile, drivers, options.env);
  const log = tapped(options.log);
  cronLog(log);
  for (const warning of loaded.warnings) log.warn({ warning }, 'configuration');
  const store = await openStore(loaded.config.store);
  const service = new Service(options, log, store, loaded.config);
  try {
    service.putInForce(loaded);
    await service.start();
    return service;
  } catch (error) {
    await service.stop();
    throw error;
  }
}

class Service implements App {
  readonly bus: Bus;
  readonly #options: AppOptions;
  readonly #log: Log;
  readonly #store: Store;
  readonly #storeUrl: string;
  readonly #metrics: ServiceMetrics;
  readonly #remediator: Remediator;
  #inForce: InForce | undefined;
  #listening: Listening | undefined;
  #stopTicks: (() => Promise<void>) | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #ready = false;
  #draining = false;

  constructor(options: AppOptions, log: Log, store: Store, config: Config) {
    const { clock } = options;
    this.#options = options;
    this.#log = log;
    this.#store = store;
    this.#storeUrl = config.store;
    this.#metrics = new ServiceMetrics(build(options.env), clock.now());
    this.bus = new Bus(error => log.error({ err: error }, 'a watcher failed'));
    this.#remediator = new Remediator({ clock, store, bus: this.bus, log, armed: () => this.#current().arming });
  }

  get url(): string {
    return this.#listening?.url ?? '';
  }

  putInForce(loaded: ConstructorParameters<typeof InForce>[0]): void {
    const { clock } = this.#options;
    this.#inForce = new InForce(loaded, { clock, log: this.#log, store: this.#store, tally: this.#metrics });
  }

  async start(): Promise<void> {
    this.bus.watch(watchHappenings(this.#metrics, await this.#remediator.blocks()));
    this.bus.watch(logHappenings(this.#log));
    this.#listening = await this.#listen();
    await this.#remediator.start();
    this.#current().observer.background.start();
    this.#stopTicks = startTicks(this.#remediator, this.#log);
    this.#ready = true;
    this.#log.info({ url: this.url }, 'unclog is ready');
  }

  reload(): Promise<void> {
    const next = this.#reloading.then(() => this.#reload());
    this.#reloading = next.catch(() => {});
    return next;
  }

  async stop(): Promise<void> {
    this.#draining = true;
    await this.#stopTicks?.();
    await this.#remediator.stop();
    await this.#listening?.close();
    await this.#inForce?.close();
    await this.#store.close();
  }

  #current(): InForce {
    if (!this.#inForce) throw new TypeError('no configuration is in force yet');
    return this.#inForce;
  }

  #listen(): Promise<Listening> {
    const { clock, configFile, env, listenAddress, webConfigFile } = this.#options;
    const live = () => this.#current().live(this.#remediator);
    const parts = {
      live,
      metrics: this.#metrics,
      bus: this.bus,
      clock,
      log: this.#log,
      version: build(env).version,
      reload: () => this.reload(),
      isReady: () => this.#ready,
      isDraining: () => this.#draining,
    };
    return listen({ parts, createApp: createHttpApp, address: listenAddress, configFile, webConfigFile });
  }

  async #reload(): Promise<void> {
    const at = this.#options.clock.now();
    try {
      await this.#swap();
      this.bus.tell({ kind: 'reload', at, successful: true, detail: 'the configuration was loaded again' });
    } catch (error) {
      this.bus.tell({ kind: 'reload', at, successful: false, detail: messageOf(error) });
      throw error;
    }
  }

  async #swap(): Promise<void> {
    const { configFile, env } = this.#options;
    const loaded = await loadConfig(configFile, drivers, env);
    if (loaded.config.store !== this.#storeUrl) {
      const message = `found "${loaded.config.store}"; the ledger in use is ${this.#storeUrl}: restart to change it`;
      throw new ConfigError([{ file: configFile, line: 1, column: 1, path: 'store', message }]);
    }
    const before = this.#current();
    this.putInForce(loaded);
    this.#current().observer.background.start();
    before.observer.background.stop();
    // A remedy at work goes on with the session that it began with.
    void this.#remediator.idle().then(() => before.close());
  }
}
