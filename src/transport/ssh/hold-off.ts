import type { Clock } from '../../core/clock.ts';
import { DeviceRefused } from '../../core/errors.ts';

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A device logs every failed login, and some lock the account. */
const CREDENTIALS_MS = 15 * 60_000;

/** Keeps a device from being called again and again while it cannot be reached: Junos counts connections a minute. */
export class HoldOff {
  readonly #clock: Clock;
  #failures = 0;
  #until = -Infinity;
  #error: Error | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last failure, while it is too early for another try. */
  get standing(): Error | undefined {
    return this.#clock.monotonic() < this.#until ? this.#error : undefined;
  }

  failed(error: Error): void {
    this.#failures += 1;
    this.#error = error;
    const refused = error instanceof DeviceRefused && error.why === 'credentials';
    const wait = refused ? CREDENTIALS_MS : Math.min(FIRST_MS * 2 ** (this.#failures - 1), LONGEST_MS);
    // Jitter, so that many devices behind one broken link do not come back at the same instant.
    this.#until = this.#clock.monotonic() + wait * (0.5 + Math.random() / 2);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#until = -Infinity;
    this.#error = undefined;
  }
}
