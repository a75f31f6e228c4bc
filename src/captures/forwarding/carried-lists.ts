import type { Carried, Source } from './carried.ts';

/** A longer list is searched by an index. */
const LONGEST_UNINDEXED = 16;

/**
 * What connections carried, as plain lists that can move between threads. A proxy that keeps its connections open sends
 * thousands of clients over each of them.
 */
export class CarriedLists {
  readonly #indexes = new WeakMap<readonly Carried[], Map<string, Carried>>();

  find(list: readonly Carried[], source: Source, address: string): Carried | undefined {
    if (list.length <= LONGEST_UNINDEXED) {
      return list.find(entry => entry.source === source && entry.address === address);
    }
    let index = this.#indexes.get(list);
    if (!index) {
      index = new Map(list.map(entry => [keyOf(entry), entry]));
      this.#indexes.set(list, index);
    }
    return index.get(keyOf({ source, address }));
  }

  add(list: Carried[], entry: Carried): void {
    list.push(entry);
    this.#indexes.get(list)?.set(keyOf(entry), entry);
  }
}

function keyOf({ source, address }: Pick<Carried, 'source' | 'address'>): string {
  return `${source} ${address}`;
}
