/** One tag on one address or user. It ends `timeoutMs` after `since`; 0 never ends it. */
export interface Tag {
  readonly since: number;
  readonly timeoutMs: number;
  /** Survives a reboot. */
  readonly persistent: boolean;
  /** Came from a User-ID agent, not over the API. */
  readonly fromAgent: boolean;
}

export type Tags = ReadonlyMap<string, Tag>;

export interface Tagged {
  /** An address, subnet or range, or a user. */
  readonly subject: string;
  readonly tags: Tags;
}

/** The registered addresses, or the registered users, of one member, by virtual system. Ended tags are never shown. */
export class TagTable {
  #systems = new Map<string, Map<string, Tags>>();

  /** What is on the subject now; empty when there is nothing. */
  tagsOf(vsys: string, subject: string, now: number): Tags {
    return alive(this.#systems.get(vsys)?.get(subject) ?? new Map(), now);
  }

  /** Replaces all that is on the subject. */
  put(vsys: string, subject: string, tags: Tags): void {
    const system = this.#systems.get(vsys) ?? new Map<string, Tags>();
    if (tags.size === 0) system.delete(subject);
    else system.set(subject, tags);
    this.#systems.set(vsys, system);
  }

  /** Every subject with a tag now, in no order that a client may count on. */
  list(vsys: string, now: number): readonly Tagged[] {
    const all = [...(this.#systems.get(vsys) ?? [])].map(([subject, tags]) => ({ subject, tags: alive(tags, now) }));
    return all.filter(({ tags }) => tags.size > 0);
  }

  /** Subjects with a tag now in all virtual systems together: what the capacity of a platform counts. */
  size(now: number): number {
    return [...this.#systems.keys()].reduce((sum, vsys) => sum + this.list(vsys, now).length, 0);
  }

  /** What a reboot leaves. With `restart` the countdown of each tag that is left begins again at `now`. */
  reboot(now: number, restart: boolean): void {
    this.#change(tags =>
      [...alive(tags, now)]
        .filter(([, tag]) => tag.persistent)
        .map(([name, tag]) => [name, restart ? { ...tag, since: now } : tag]),
    );
  }

  /** Becomes equal to another table. */
  copyFrom(other: TagTable): void {
    this.#systems = new Map([...other.#systems].map(([vsys, subjects]) => [vsys, new Map(subjects)]));
  }

  #change(change: (tags: Tags) => Iterable<readonly [string, Tag]>): void {
    for (const [vsys, subjects] of this.#systems)
      for (const [subject, tags] of subjects) this.put(vsys, subject, new Map(change(tags)));
  }
}

function alive(tags: Tags, now: number): Tags {
  const isOver = (tag: Tag) => tag.timeoutMs > 0 && now >= tag.since + tag.timeoutMs;
  return [...tags.values()].some(isOver) ? new Map([...tags].filter(([, tag]) => !isOver(tag))) : tags;
}
