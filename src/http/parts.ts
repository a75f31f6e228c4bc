import type { Bus } from '../core/bus.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Secret } from '../core/secret.ts';
import type { Observer } from '../observe/observer.ts';
import type { ServiceMetrics } from '../observe/service-metrics.ts';
import type { Remediation } from '../remediate/contract.ts';

/** Who may do what: reading metrics, handing in alerts, everything else. */
export type Scope = 'scrape' | 'webhook' | 'operator';

/** The token of each scope; a scope without one is open to loopback only. */
export type Tokens = { readonly [S in Scope]?: Secret };

/** What is told of a configured device. */
export interface DeviceInfo {
  readonly name: string;
  readonly driver: string;
  readonly addresses: readonly string[];
  /** Names of the remedies that may be used on it, as `panos/discard-sessions`. */
  readonly remedies: readonly string[];
  /** Its entry in the configuration. Secrets in it mask themselves when it becomes JSON. */
  readonly config: unknown;
}

/** What a reload of the configuration replaces, as one. */
export interface Live {
  readonly observer: Observer;
  readonly remediation: Remediation;
  readonly devices: readonly DeviceInfo[];
  readonly tokens: Tokens;
  /** The whole configuration in force. Secrets in it mask themselves when it becomes JSON. */
  readonly config: unknown;
}

/** The part of the web configuration file that concerns requests; absent without such a file. */
export interface WebAccess {
  readonly headers: Readonly<Record<string, string>>;
  readonly hasUsers: boolean;
  /** Whether a basic-auth user may come in. */
  admits(user: string, password: string): Promise<boolean>;
}

/** All that the HTTP room needs. */
export interface HttpParts {
  /** Asked anew by every request. */
  live(): Live;
  readonly metrics: ServiceMetrics;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  web?(): WebAccess;
  /** Aborts when the server closes: live views end with it. */
  readonly closing?: AbortSignal;
  /** Loads the configuration again. Rejects with ConfigError when it cannot be used; the old one stays in force. */
  reload(): Promise<void>;
  /** True from when alerts are taken and devices are read, until the service stops. */
  isReady(): boolean;
  /** True from when the service was told to stop. */
  isDraining(): boolean;
}
