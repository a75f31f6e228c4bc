import type { Clock } from '../../core/clock.ts';
import { DeviceRefused } from '../../core/errors.ts';

const FIRST_MS = 15 * 60_000;
const LONGEST_MS = 4 * 60 * 60_000;

/**
 * Keeps us from trying refused credentials again and again: every failed login is an entry in the BMC's own event log,
 * and pushes out what that log is for. Waits 15 minutes after the first refusal, doubling to 4 hours.
 */
export class LoginGuard {
  readonly #device: string;
  readonly #clock: Clock;
  #refusals = 0;
  #until = 0;
  #accepted = 0;

  constructor(device: string, clock: Clock) {
    this.#device = device;
    this.#clock = clock;
  }

  /** Logins of this process that were accepted. */
  get count(): number {
    return this.#accepted;
  }

  /** Whether the last login was refused. */
  get refused(): boolean {
    return this.#refusals > 0;
  }

  /** Throws DeviceRefused while it is too early for another login. */
  check(): void {
    const left = this.#until - this.#clock.monotonic();
    if (!this.refused || left <= 0) return;
    throw new DeviceRefused({
      device: this.#device,
      tried: 'log in',
      found: `the BMC refused the credentials before; no other try for ${Math.ceil(left / 60_000)} min, because it logs each one. Correct them and reload the configuration to try at once`,
      why: 'credentials',
    });
  }

  accepted(): void {
    this.#accepted += 1;
    this.#refusals = 0;
  }

  refuse(): void {
    this.#until = this.#clock.monotonic() + Math.min(FIRST_MS * 2 ** this.#refusals, LONGEST_MS);
    this.#refusals += 1;
  }
}
