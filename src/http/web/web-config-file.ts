import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { WebAccess } from '../parts.ts';
import { BasicAuth } from './basic-auth.ts';
import { readWebConfig, stampOf, type WebConfig } from './web-config.ts';

const LOOK_EVERY_MS = 1_000;

interface Tools {
  readonly clock: Clock;
  readonly log: Log;
}

/** A web configuration file in force. Read again when it changed; a bad one leaves the old in force and is logged. */
export class WebConfigFile implements WebAccess {
  readonly #file: string;
  readonly #tools: Tools;
  readonly #auth = new BasicAuth();
  #config: WebConfig;
  /** The stamp of what was read last, good or bad. */
  #seen: string;
  #lookedAt: number;
  #looking: Promise<void> | undefined;

  private constructor(file: string, config: WebConfig, tools: Tools) {
    this.#file = file;
    this.#config = config;
    this.#tools = tools;
    this.#seen = config.stamp;
    this.#lookedAt = tools.clock.monotonic();
  }

  /** Throws ConfigError when the file cannot be used. */
  static async open(file: string, tools: Tools): Promise<WebConfigFile> {
    return new WebConfigFile(file, await readWebConfig(file), tools);
  }

  get config(): WebConfig {
    return this.#config;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#config.headers;
  }

  get hasUsers(): boolean {
    return this.#config.users.size > 0;
  }

  admits(user: string, password: string): Promise<boolean> {
    return this.#auth.isRight(this.#config.users, user, password);
  }

  /** Looks for a change, once a second at most. `onChange` gets a configuration that is newly in force. */
  refresh(onChange: (config: WebConfig) => void): Promise<void> {
    const now = this.#tools.clock.monotonic();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return this.#looking ?? Promise.resolve();
    this.#lookedAt = now;
    return (this.#looking ??= this.#look(onChange).finally(() => (this.#looking = undefined)));
  }

  async close(): Promise<void> {
    await this.#auth.close();
  }

  async #look(onChange: (config: WebConfig) => void): Promise<void> {
    const stamp = await stampOf(this.#config.files);
    if (stamp === this.#seen) return;
    this.#seen = stamp;
    try {
      const config = await readWebConfig(this.#file);
      this.#seen = config.stamp;
      onChange(config);
      this.#config = config;
      this.#tools.log.info({ file: this.#file }, 'web configuration read again');
    } catch (error) {
      const fields = { file: this.#file, error: messageOf(error) };
      this.#tools.log.error(fields, 'web configuration cannot be used; the old one stays in force');
    }
  }
}
