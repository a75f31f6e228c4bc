const SHARDS = 64;
const FIRST_SLOTS = 64;
/** Slots are at most two thirds full. */
const FULL = 2 / 3;
const SPI_RANGE = 2 ** 32;

/**
 * A set of pairs (number of a peer, SPI). Eight bytes and a bit a pair, so that two million fit in 50 MB; cut into
 * shards that grow one by one, so that no growth holds the event loop up.
 */
export class SpiTable {
  readonly #shards: Shard[] = Array.from({ length: SHARDS }, () => new Shard());
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** False when the pair was there. `peer` is below 2^20, `spi` below 2^32. */
  add(peer: number, spi: number): boolean {
    const hash = mix(peer, spi);
    const added = (this.#shards[hash & (SHARDS - 1)] as Shard).add(peer * SPI_RANGE + spi + 1, hash >>> 6);
    if (added) this.#size += 1;
    return added;
  }

  /** The pairs, one shard at a time: whoever goes through many gives way in between. */
  *shards(): Generator<Iterable<readonly [peer: number, spi: number]>> {
    for (const shard of this.#shards) yield shard.pairs();
  }
}

class Shard {
  #keys = new Float64Array(FIRST_SLOTS);
  #used = 0;

  add(key: number, hash: number): boolean {
    const slots = this.#keys;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      if (slots[slot] === key) return false;
    }
    slots[slot] = key;
    this.#used += 1;
    if (this.#used > slots.length * FULL) this.#grow();
    return true;
  }

  *pairs(): Generator<readonly [number, number]> {
    for (const key of this.#keys) {
      if (key === 0) continue;
      const spi = (key - 1) % SPI_RANGE;
      yield [(key - 1 - spi) / SPI_RANGE, spi];
    }
  }

  #grow(): void {
    const old = this.#keys;
    this.#keys = new Float64Array(old.length * 2);
    this.#used = 0;
    for (const key of old) {
      if (key === 0) continue;
      const spi = (key - 1) % SPI_RANGE;
      this.add(key, mix((key - 1 - spi) / SPI_RANGE, spi) >>> 6);
    }
  }
}

function mix(peer: number, spi: number): number {
  let hash = Math.imul(spi ^ Math.imul(peer, 0x9e3779b1), 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}
