import type { Direction } from './stage.ts';

/** Set in the side of a packet that opens or ends a direction: it matters also where no payload does. */
export const OPENS_OR_ENDS = 1 << 30;

/** A growing list of packets: which flow, which direction, where the record begins. Moves cheaply between threads. */
export class Steps {
  count = 0;
  #sides = new Int32Array(1024);
  #offsets = new Float64Array(1024);

  push(flow: number, direction: Direction, offset: number, opensOrEnds: boolean): void {
    if (this.count === this.#sides.length) {
      const sides = new Int32Array(this.count * 2);
      const offsets = new Float64Array(this.count * 2);
      sides.set(this.#sides);
      offsets.set(this.#offsets);
      this.#sides = sides;
      this.#offsets = offsets;
    }
    this.#sides[this.count] = (flow * 2 + direction) | (opensOrEnds ? OPENS_OR_ENDS : 0);
    this.#offsets[this.count] = offset;
    this.count++;
  }

  /** Sides are flow × 2 + direction, and perhaps `OPENS_OR_ENDS`. */
  toArrays(): { readonly sides: Int32Array; readonly offsets: Float64Array } {
    return { sides: this.#sides.slice(0, this.count), offsets: this.#offsets.slice(0, this.count) };
  }
}
