import { createHmac, randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { Bug } from '../../core/errors.ts';
import type { BcryptAnswer, BcryptQuestion } from './bcrypt-worker.ts';

const REMEMBERED_MAX = 100;
const WAITING_MAX = 32;
/** Compared when the user is unknown, so that the answer takes as long. Cost 10, the hash of nothing in use. */
const NOBODY = '$2b$10$aC6fvm8Yv/5ewIRGWT/PcOCEzo.jxhTWwCBHsd4lKOUVpVhORFkou';

/**
 * Checks passwords against bcrypt hashes in a worker: one check is some 60 ms of computing. Passwords that were right are
 * remembered, as a keyed hash, so that a scraper is not checked anew every time.
 */
export class BasicAuth {
  readonly #key = randomBytes(32);
  readonly #remembered = new Set<string>();
  readonly #waiting = new Map<number, (right: boolean) => void>();
  #worker: Worker | undefined;
  #asked = 0;

  /** Also false when too many checks wait already: whoever sends that many guesses is not served. */
  async isRight(users: ReadonlyMap<string, string>, user: string, password: string): Promise<boolean> {
    const hash = users.get(user);
    const mark = createHmac('sha256', this.#key)
      .update(JSON.stringify([user, hash, password]))
      .digest('base64');
    if (this.#remembered.has(mark)) return true;
    if (this.#waiting.size >= WAITING_MAX) return false;
    const right = (await this.#compare(password, hash ?? NOBODY)) && hash !== undefined;
    if (right) this.#remember(mark);
    return right;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #compare(password: string, hash: string): Promise<boolean> {
    const question: BcryptQuestion = { id: (this.#asked += 1), password, hash };
    return new Promise(resolve => {
      this.#waiting.set(question.id, resolve);
      (this.#worker ??= this.#start()).postMessage(question);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./bcrypt-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', ({ id, right }: BcryptAnswer) => this.#answer(id, right));
    worker.on('exit', () => {
      this.#worker = undefined;
      for (const id of [...this.#waiting.keys()]) this.#answer(id, false);
    });
    return worker;
  }

  #answer(id: number, right: boolean): void {
    const resolve = this.#waiting.get(id);
    if (!resolve) throw new Bug(`the bcrypt worker answered a question that nobody asked: ${id}`);
    this.#waiting.delete(id);
    resolve(right);
  }

  #remember(mark: string): void {
    const [oldest] = this.#remembered;
    if (this.#remembered.size >= REMEMBERED_MAX && oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.add(mark);
  }
}
