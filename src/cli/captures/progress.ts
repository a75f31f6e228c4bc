import type { Clock } from '../../core/clock.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Io } from '../io.ts';

const EVERY_MS = 250;
const CLEAR_LINE = '\r\u001b[K';

/** One line on the terminal that says how far reading has come. Silent when standard error is no terminal. */
export class Progress {
  readonly #io: Io;
  readonly #clock: Clock;
  readonly #total: number;
  readonly #shown: boolean;
  readonly #started: number;
  #last: number;
  #visible = false;

  /** `total` is in bytes; 0 when it is not known. */
  constructor(io: Io, clock: Clock, total: number, wanted: boolean) {
    this.#io = io;
    this.#clock = clock;
    this.#total = total;
    this.#shown = wanted && 'isTTY' in io.stderr && io.stderr.isTTY === true;
    this.#started = clock.monotonic();
    this.#last = this.#started;
  }

  update(bytes: number): void {
    if (!this.#shown) return;
    const now = this.#clock.monotonic();
    if (now - this.#last < EVERY_MS) return;
    this.#last = now;
    this.#visible = true;
    this.#io.stderr.write(`${CLEAR_LINE}${describe(bytes, this.#total, now - this.#started)}`);
  }

  /** Takes the line away before something else is printed. */
  clear(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#io.stderr.write(CLEAR_LINE);
  }
}

function describe(bytes: number, total: number, elapsedMs: number): string {
  const rate = bytes / (elapsedMs / 1000);
  const done = `${(bytes / 1e6).toFixed(0)} MB, ${(rate / 1e6).toFixed(0)} MB/s`;
  if (total <= bytes) return done;
  const left = formatDuration(Math.ceil((total - bytes) / rate) * 1000);
  return `${((bytes / total) * 100).toFixed(0)} % of ${(total / 1e6).toFixed(0)} MB, ${done}, ${left} left`;
}
