import type { Io } from '../io.ts';

const ENOUGH = 64 * 1024;

/** Collects lines for standard output: one write for each would take longer than reading the capture. */
export class Lines {
  readonly #io: Io;
  readonly #least: number;
  #waiting: string[] = [];
  #length = 0;

  constructor(io: Io) {
    this.#io = io;
    this.#least = 'isTTY' in io.stdout && io.stdout.isTTY === true ? 0 : ENOUGH;
  }

  /** `line` without its end. */
  add(line: string): void {
    this.#waiting.push(line, '\n');
    this.#length += line.length;
    if (this.#length >= this.#least) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#io.stdout.write(this.#waiting.join(''));
    this.#waiting = [];
    this.#length = 0;
  }
}
