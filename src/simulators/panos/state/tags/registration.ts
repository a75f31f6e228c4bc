import type { Tag, Tags, TagTable } from './tag-table.ts';

/** What a member does with a tag that is registered again: refuse and count on, refuse but count anew, count anew. */
export type RegisterAgain = 'exists' | 'exists-restarts' | 'restarts';

export interface RegistrationRules {
  readonly now: number;
  /** How the subject is called in messages. */
  readonly noun: 'ip' | 'user';
  readonly registerAgain: RegisterAgain;
  /** How many subjects the platform holds. */
  readonly limit: number;
}

/** Why one entry was not carried out; the text is the device's own. */
export interface RegistrationFailure {
  readonly subject: string;
  readonly message: string;
}

const MOST_TAGS = 32;
const LONGEST_TAG = 127;
export const LONGEST_TIMEOUT_S = 2_592_000;

/**
 * Registers and unregisters on a draft of the table, entry by entry, and keeps what failed. Nothing is changed before
 * `commit`.
 */
export class Registration {
  readonly #table: TagTable;
  readonly #vsys: string;
  readonly #rules: RegistrationRules;
  readonly #draft = new Map<string, Map<string, Tag>>();
  #size: number;
  #failures: RegistrationFailure[] = [];

  constructor(table: TagTable, vsys: string, rules: RegistrationRules) {
    this.#table = table;
    this.#vsys = vsys;
    this.#rules = rules;
    this.#size = table.size(rules.now);
  }

  /** Takes the tags away; without any tag named it takes all. */
  unregister(subject: string, tags: readonly string[]): void {
    const current = this.#tagsOf(subject);
    if (current.size === 0) return this.#fail(subject, `${this.#rules.noun} ${subject} does not exist, ignore unreg`);
    for (const tag of tags.length === 0 ? [...current.keys()] : tags) {
      if (!current.delete(tag)) this.#fail(subject, `tag ${tag} does not exist, ignore unreg`);
    }
    if (current.size === 0) this.#size--;
  }

  register(subject: string, name: string, tag: Tag): void {
    const { limit, noun, registerAgain } = this.#rules;
    const current = this.#tagsOf(subject);
    const known = current.get(name);
    if (known && registerAgain !== 'restarts') this.#fail(subject, `tag ${name} already exists, ignore`);
    if (known && registerAgain === 'exists') return;
    if (!known && current.size >= MOST_TAGS) return this.refuse(subject, name, `more than ${MOST_TAGS} tags`);
    if (!isTagName(name)) return this.refuse(subject, name, 'not a valid tag');
    if (current.size === 0 && this.#size >= limit) {
      return this.refuse(subject, name, `max registered-${noun} for the platform reached (${limit})`);
    }
    if (current.size === 0) this.#size++;
    current.set(name, tag);
  }

  /** The text of a real failure is not known beyond its first words. */
  refuse(subject: string, name: string, reason: string): void {
    this.#fail(subject, `Failed to register ${this.#rules.noun} ${subject} tag ${name}: ${reason}`);
  }

  /** The failures since the last call. */
  takeFailures(): readonly RegistrationFailure[] {
    const taken = this.#failures;
    this.#failures = [];
    return taken;
  }

  commit(): void {
    for (const [subject, tags] of this.#draft) this.#table.put(this.#vsys, subject, tags);
  }

  #tagsOf(subject: string): Map<string, Tag> {
    const drafted = this.#draft.get(subject);
    if (drafted) return drafted;
    const current: Tags = this.#table.tagsOf(this.#vsys, subject, this.#rules.now);
    const copy = new Map(current);
    this.#draft.set(subject, copy);
    return copy;
  }

  #fail(subject: string, message: string): void {
    this.#failures.push({ subject, message });
  }
}

function isTagName(name: string): boolean {
  return name !== '' && name.length <= LONGEST_TAG && !/['"]| {2}/.test(name) && !/\b(and|or|not)\b/.test(name);
}
