import type { Guards, RemedyPolicy } from '../core/policy.ts';
import type { Secret } from '../core/secret.ts';
import type { DeviceEntry } from '../devices/contract.ts';

/** One complete, checked configuration. Secrets are read, defaults are in place, every value is a type. */
export interface Config {
  /** Where the ledger stands: `sqlite:data/unclog.db`, relative to the working directory. */
  readonly store: string;
  readonly server: ServerConfig;
  /** In the order of the file; each has passed its driver's own schema. */
  readonly devices: readonly DeviceEntry[];
  /** One for every remedy of every configured driver, named in the file or not. */
  readonly policies: ReadonlyMap<string, RemedyPolicy>;
  readonly guards: Guards;
}

/** Access tokens; a scope without one is open on loopback only. */
export interface ServerConfig {
  readonly scrapeToken?: Secret;
  readonly webhookToken?: Secret;
  readonly operatorToken?: Secret;
}

/** A configuration, what it looks like with secrets masked, and what is worth a word of warning. */
export interface LoadedConfig {
  readonly config: Config;
  /** As read, with `<secret>` in place of secrets: what `GET /config` prints. */
  readonly redacted: unknown;
  readonly warnings: readonly string[];
}
