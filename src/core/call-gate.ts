/** Remedies go first: a collector waits while a remedy wants the device. */
export type Priority = 'remedy' | 'collector';

interface Waiter {
  readonly priority: Priority;
  readonly enter: () => void;
}

/**
 * Lets at most `width` calls through at a time, remedies before collectors, otherwise first come first served.
 * One gate stands before each member of a device.
 */
export class CallGate {
  readonly #width: number;
  #inside = 0;
  #waiting: Waiter[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Runs `call` when there is room. Rejects with the signal's reason when it aborts while waiting. */
  async pass<T>(priority: Priority, call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(priority, signal);
    try {
      return await call();
    } finally {
      this.#inside -= 1;
      this.#admit();
    }
  }

  #enter(priority: Priority, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting = this.#waiting.filter(other => other !== waiter);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      const enter = () => {
        signal?.removeEventListener('abort', onAbort);
        this.#inside += 1;
        resolve();
      };
      const waiter: Waiter = { priority, enter };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
      this.#admit();
    });
  }

  #admit(): void {
    while (this.#inside < this.#width && this.#waiting.length > 0) {
      const first = this.#waiting.findIndex(waiter => waiter.priority === 'remedy');
      const [next] = this.#waiting.splice(Math.max(first, 0), 1);
      next?.enter();
    }
  }
}
