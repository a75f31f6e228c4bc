import type { Direction } from './stage.ts';

/** A growing list of packets: which flow, which direction, where the record begins. Moves cheaply between threads. */
export class Steps {
  count = 0;
  #sides = new Int32Array(1024);
  #offsets = new Float64Array(1024);

  push(flow: number, direction: Direction, offset: number): void {
    if (this.count === this.#sides.length) {
      const sides = new Int32Array(this.count * 2);
      const offsets = new Float64Array(this.count * 2);
      sides.set(this.#sides);
      offsets.set(this.#offsets);
      this.#sides = sides;
      this.#offsets = offsets;
    }
    this.#sides[this.count] = flow * 2 + direction;
    this.#offsets[this.count] = offset;
    this.count++;
  }

  /** Sides are flow × 2 + direction. */
  toArrays(): { readonly sides: Int32Array; readonly offsets: Float64Array } {
    return { sides: this.#sides.slice(0, this.count), offsets: this.#offsets.slice(0, this.count) };
  }
}
