import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Wanted } from '../flows/book.ts';
import { revive, type Partial, type RangeJob } from './partial.ts';

/** What a thread is told when it begins. */
export interface CrewData {
  readonly wanted: Wanted;
  readonly begun: Int32Array;
}

/** Threads that read ranges of files. Jobs of one worker wait for each other; its answers come in their order. */
export class Crew {
  readonly size: number;
  readonly #members: readonly Member[];
  /** How many threads have begun. */
  readonly #begun = new Int32Array(new SharedArrayBuffer(4));

  constructor(size: number, wanted: Wanted) {
    this.size = size;
    this.#members = Array.from({ length: size }, () => new Member({ wanted, begun: this.#begun }));
  }

  /** True once all threads wait for jobs. */
  get isReady(): boolean {
    return Atomics.load(this.#begun, 0) === this.size;
  }

  /** Gives worker `index` a job; rejects when its thread fails. */
  async read(index: number, job: RangeJob): Promise<Partial> {
    const member = this.#members[index];
    if (!member) throw new RangeError(`there is no worker ${index}`);
    return revive(await member.read(job));
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(member => member.close()));
  }
}

class Member {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Partial>[] = [];

  constructor(workerData: CrewData) {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData, env: environment() });
    this.#worker.on('message', (partial: Partial) => this.#waiting.shift()?.resolve(partial));
    this.#worker.on('error', (error: unknown) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  read(job: RangeJob): Promise<Partial> {
    const answer = Promise.withResolvers<Partial>();
    this.#waiting.push(answer);
    this.#worker.postMessage(job);
    return answer.promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Workers do not share the compile cache of the process unless told: with it they begin three times as fast. */
function environment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: folder };
}
