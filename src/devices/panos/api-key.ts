import type { Clock } from '../../core/clock.ts';
import { Bug, DeviceRefused } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';

/** Shorter than the wait after which a case tries again (`core/retry.ts`), so that the second try is a real one. */
const CREDENTIALS_BACK_OFF_MS = 10 * 60_000;

/**
 * The API key of one member: fetched once and kept, since it is valid until the password or the master key changes.
 * A refusal is remembered for ten minutes, so that wrong credentials are not tried with every scrape.
 */
export class ApiKey {
  readonly #clock: Clock;
  readonly #fetch: (() => Promise<Secret>) | undefined;
  #key: Secret | undefined;
  #fetching: Promise<Secret> | undefined;
  #renewedForRole = false;
  #refused: { readonly error: DeviceRefused; readonly at: number } | undefined;

  /** `source`: a key that was made beforehand, or how to get one. `fetch` throws what `current` is to throw. */
  constructor(clock: Clock, source: Secret | (() => Promise<Secret>)) {
    this.#clock = clock;
    if (typeof source === 'function') this.#fetch = source;
    else this.#key = source;
  }

  /** Whether a key that became invalid can be replaced without the operator. */
  get renewable(): boolean {
    return this.#fetch !== undefined;
  }

  /** The key, fetched when there is none; callers at the same time share one fetch. Throws a remembered refusal. */
  async current(): Promise<Secret> {
    this.#throwRemembered();
    if (this.#key) return this.#key;
    this.#fetching ??= this.#fetchKey().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  /** Forgets `stale`, unless another caller has replaced it already. A key that cannot be replaced stays. */
  drop(stale: Secret): void {
    if (this.#fetch && this.#key === stale) this.#key = undefined;
  }

  /** True the first time, for a key that can be replaced: a refused right may come from a stale key, but only once. */
  renewOnceForRole(): boolean {
    const first = this.renewable && !this.#renewedForRole;
    this.#renewedForRole = true;
    return first;
  }

  /** Remembers that the credentials are wrong. */
  refuse(error: DeviceRefused): void {
    this.#refused = { error, at: this.#clock.monotonic() };
  }

  async #fetchKey(): Promise<Secret> {
    if (!this.#fetch) throw new Bug('a key that was given cannot be fetched');
    try {
      this.#key = await this.#fetch();
      return this.#key;
    } catch (error) {
      if (error instanceof DeviceRefused && error.why === 'credentials') this.refuse(error);
      throw error;
    }
  }

  #throwRemembered(): void {
    if (!this.#refused) return;
    if (this.#clock.monotonic() - this.#refused.at < CREDENTIALS_BACK_OFF_MS) throw this.#refused.error;
    this.#refused = undefined;
  }
}
