interface Row {
  /** Index of the stream. */
  readonly stream: number;
  readonly n: number;
  readonly writtenAt: number;
  readonly receivedAt: number;
}

const FIRST_CAPACITY = 1_024;

/** Rows of numbers that are only ever appended, in the order of `writtenAt`; 24 bytes each. */
export class TrafficColumns {
  #length = 0;
  #streams = new Uint32Array(FIRST_CAPACITY);
  #numbers = new Uint32Array(FIRST_CAPACITY);
  #written = new Float64Array(FIRST_CAPACITY);
  #received = new Float64Array(FIRST_CAPACITY);

  get length(): number {
    return this.#length;
  }

  push(row: Row): void {
    if (this.#length === this.#streams.length) this.#grow();
    this.#streams[this.#length] = row.stream;
    this.#numbers[this.#length] = row.n;
    this.#written[this.#length] = row.writtenAt;
    this.#received[this.#length] = row.receivedAt;
    this.#length++;
  }

  row(position: number): Row {
    return {
      stream: this.#streams[position] ?? 0,
      n: this.#numbers[position] ?? 0,
      writtenAt: this.#written[position] ?? 0,
      receivedAt: this.#received[position] ?? 0,
    };
  }

  /** By halving: the rows stand in the order of `writtenAt`. */
  firstWrittenAfter(moment: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#written[middle] ?? Infinity) > moment) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #grow(): void {
    const capacity = this.#streams.length * 2;
    this.#streams = copied(new Uint32Array(capacity), this.#streams);
    this.#numbers = copied(new Uint32Array(capacity), this.#numbers);
    this.#written = copied(new Float64Array(capacity), this.#written);
    this.#received = copied(new Float64Array(capacity), this.#received);
  }
}

function copied<T extends Uint32Array | Float64Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
