import type { EventBytes } from './event-bytes.ts';

/** One stored record. */
export interface StoredRecord {
  readonly id: number;
  /** Seconds by the BMC's clock. */
  readonly time: number;
  readonly event: EventBytes;
}

export interface SelOptions {
  /** Records that fit. */
  readonly capacity: number;
  /** What happens to a new record when it is full: the oldest goes, or the new one is lost. */
  readonly whenFull: 'wraps' | 'stops';
  /** The highest id before counting begins at 1 again. */
  readonly lastId: number;
}

/** A system event log as BMCs keep it, with what they do to ids. */
export class Sel {
  readonly options: SelOptions;
  #records: StoredRecord[] = [];
  #nextId = 1;
  /** Events were lost because the log was full. */
  overflow = false;
  addedAt = 0;
  erasedAt = 0;

  constructor(options: Partial<SelOptions> = {}) {
    this.options = { capacity: 512, whenFull: 'stops', lastId: 0xfffe, ...options };
  }

  get records(): readonly StoredRecord[] {
    return this.#records;
  }

  /** Undefined when the event was lost. */
  append(event: EventBytes, time: number): StoredRecord | undefined {
    if (this.#records.length >= this.options.capacity) {
      if (this.options.whenFull === 'stops') {
        this.overflow = true;
        return undefined;
      }
      this.#records.shift();
    }
    const record = { id: this.#freeId(), time, event };
    this.#records.push(record);
    this.addedAt = time;
    return record;
  }

  /** `restartIds`: firmware differs in whether ids begin at 1 again. */
  clear(time: number, restartIds = true): void {
    this.#records = [];
    this.overflow = false;
    this.erasedAt = time;
    if (restartIds) this.#nextId = 1;
  }

  #freeId(): number {
    const taken = new Set(this.#records.map(record => record.id));
    while (taken.has(this.#nextId) || this.#nextId > this.options.lastId) {
      this.#nextId = this.#nextId >= this.options.lastId ? 1 : this.#nextId + 1;
    }
    return this.#nextId++;
  }
}

/** The 16 bytes of a record: id and time little-endian around record type 02h. */
export function recordBytes({ id, time, event }: StoredRecord): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(id, 0);
  bytes.writeUInt8(0x02, 2);
  bytes.writeUInt32LE(time, 3);
  bytes.set(event, 7);
  return bytes;
}
