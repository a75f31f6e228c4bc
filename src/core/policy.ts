import { NetworkSet, parseNetwork } from './address.ts';
import type { Target } from './target.ts';

/** `dry-run` is the default; `approve` waits for an operator, bound to the plan shown. */
export type Mode = 'off' | 'dry-run' | 'approve' | 'auto';

/** How one remedy may be used. Durations in milliseconds. */
export interface RemedyPolicy {
  readonly mode: Mode;
  readonly maxActionsPerHour: number;
  readonly cooldownMs: number;
  /** How long a plan may wait for an operator before it is refused. */
  readonly approvalTimeoutMs: number;
  /** The remedy's own options, checked by its own schema. */
  readonly options: unknown;
}

export interface Guards {
  readonly never: NeverList;
  readonly maxAlertAgeMs: number;
  readonly freeze: readonly FreezeWindow[];
}

/** A weekly window in which nothing is changed. `to` before `from` reaches into the next day. */
export interface FreezeWindow {
  readonly days: readonly Weekday[];
  /** Minutes after midnight, local to `timezone`. */
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly timezone: string;
}

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Addresses, networks, users, groups and peers that are never a target. Names compare without case. */
export class NeverList {
  readonly #networks: NetworkSet;
  readonly #names: ReadonlySet<string>;

  constructor(entries: readonly string[]) {
    this.#networks = new NetworkSet(entries.filter(entry => parseNetwork(entry) !== undefined));
    this.#names = new Set(entries.filter(entry => parseNetwork(entry) === undefined).map(fold));
  }

  has(target: Target): boolean {
    if (target.kind === 'device') return false;
    if (target.kind === 'address' || target.kind === 'peer') return this.#networks.has(target.value);
    return this.#names.has(fold(target.value));
  }
}

/** Compatibility forms are one, so that a name does not slip past the list by how its accents are composed. */
function fold(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
