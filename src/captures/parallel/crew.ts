import { statSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Partial, RangeJob } from './partial.ts';

/** A smaller file is read before several threads have begun. */
export const LEAST_BYTES = 256 * 1024 * 1024;

/** What a thread is told when it begins. */
export interface CrewData {
  readonly begun: Int32Array;
}

/** Threads that read ranges of files. Jobs of one worker wait for each other; its answers come in their order. */
export class Crew implements AsyncDisposable {
  readonly size: number;
  readonly #members: readonly Member[];
  /** How many threads have begun. */
  readonly #begun = new Int32Array(new SharedArrayBuffer(4));

  constructor(size: number) {
    this.size = size;
    this.#members = Array.from({ length: size }, () => new Member({ begun: this.#begun }));
  }

  /** True once all threads wait for jobs. */
  get isReady(): boolean {
    return Atomics.load(this.#begun, 0) === this.size;
  }

  /** Gives worker `index` a job; rejects when its thread fails. What comes back must be revived. */
  async read(index: number, job: RangeJob): Promise<Partial> {
    const member = this.#members[index];
    if (!member) throw new RangeError(`there is no worker ${index}`);
    return member.read(job);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map(member => member.close()));
  }
}

/**
 * Starts the threads that reading these files will need: they take as long as loading what this thread needs, so that it
 * pays to do this first. Undefined when none of the files is large enough.
 */
export function crewFor(paths: readonly string[], workers: number): Crew | undefined {
  if (workers < 2) return undefined;
  return paths.some(isLarge) ? new Crew(workers - 1) : undefined;
}

function isLarge(path: string): boolean {
  try {
    return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= LEAST_BYTES;
  } catch {
    return false; // whoever reads it will say why that cannot be done
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
