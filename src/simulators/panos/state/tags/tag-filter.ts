/** The match condition of a dynamic group: `'infected' or ('risky' and not 'printer')`. */

export type TagFilter = (tags: { has(tag: string): boolean }) => boolean;

/** Reads a condition; `and` binds closer than `or`. Throws a RangeError when it is none. */
export function parseTagFilter(text: string): TagFilter {
  const tokens = text.match(/'[^']*'|\(|\)|[^\s()']+/g) ?? [];
  const reader = new Reader(tokens);
  const filter = reader.either();
  if (reader.next() !== undefined) throw new RangeError(`not a tag filter: ${text}`);
  return filter;
}

class Reader {
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  next(): string | undefined {
    return this.#tokens[this.#position];
  }

  either(): TagFilter {
    const left = this.#both();
    if (!this.#take('or')) return left;
    const right = this.either();
    return tags => left(tags) || right(tags);
  }

  #both(): TagFilter {
    const left = this.#single();
    if (!this.#take('and')) return left;
    const right = this.#both();
    return tags => left(tags) && right(tags);
  }

  #single(): TagFilter {
    if (this.#take('not')) {
      const denied = this.#single();
      return tags => !denied(tags);
    }
    if (this.#take('(')) {
      const inner = this.either();
      if (!this.#take(')')) throw new RangeError('a tag filter lacks a closing bracket');
      return inner;
    }
    const token = this.next();
    if (token === undefined || ['and', 'or', ')'].includes(token)) throw new RangeError('a tag filter lacks a tag');
    this.#position++;
    const tag = token.replaceAll("'", '');
    return tags => tags.has(tag);
  }

  #take(token: string): boolean {
    if (this.next() !== token) return false;
    this.#position++;
    return true;
  }
}
