const TICK_MS = 5;

/** What a piece of work costs its process. */
export interface Cost {
  /** Growth of the resident set at its largest, in bytes. */
  readonly rssGrowth: number;
  /**
   * The longest time for which nothing else could run, in milliseconds: CPU time of the thread between two turns of
   * the event loop. What other processes of a busy machine take away is not our doing and is not in it.
   */
  readonly longestBlockMs: number;
  /** The same by the clock on the wall. */
  readonly longestGapMs: number;
}

/** Watches memory and event loop from now until it is stopped. */
export class Strain {
  readonly #before = process.memoryUsage.rss();
  readonly #timer: NodeJS.Timeout;
  #most = this.#before;
  #cpu = threadMs();
  #wall = performance.now();
  #block = 0;
  #gap = 0;

  constructor() {
    this.#timer = setInterval(() => {
      this.#look();
    }, TICK_MS);
  }

  stop(): Cost {
    this.#look();
    clearInterval(this.#timer);
    return { rssGrowth: this.#most - this.#before, longestBlockMs: this.#block, longestGapMs: this.#gap };
  }

  #look(): void {
    this.#most = Math.max(this.#most, process.memoryUsage.rss());
    const [cpu, wall] = [threadMs(), performance.now()];
    this.#block = Math.max(this.#block, cpu - this.#cpu);
    this.#gap = Math.max(this.#gap, wall - this.#wall);
    this.#cpu = cpu;
    this.#wall = wall;
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
