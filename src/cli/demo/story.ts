import { type Io, print } from '../io.ts';
import type { Chapter } from './chapter.ts';

/** Tells the story line by line as it happens: seconds since the start, what kind of thing, and what. */
export class Story {
  readonly #io: Io;
  readonly #json: boolean;
  readonly #startedAt: number;

  constructor(io: Io, json: boolean, startedAt: number) {
    this.#io = io;
    this.#json = json;
    this.#startedAt = startedAt;
  }

  /** `at` is in milliseconds since the epoch. With `--json`, one object a line. */
  tell(at: number, { kind, text }: Chapter): void {
    const seconds = (at - this.#startedAt) / 1_000;
    if (this.#json) print(this.#io, JSON.stringify({ at: new Date(at).toISOString(), seconds, kind, text }));
    else print(this.#io, `${seconds.toFixed(2).padStart(8)} s  ${kind.padEnd(10)}  ${text.trimEnd()}`);
  }
}
