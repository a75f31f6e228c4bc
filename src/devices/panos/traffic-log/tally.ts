import { z } from 'zod';
import { termKey } from '../../../core/term.ts';
import { actions } from '../vocabulary/actions.ts';
import { unidentifiedApplications } from '../vocabulary/applications.ts';
import { sessionEndReasons } from '../vocabulary/session-end-reasons.ts';
import type { TrafficEntry } from './entry.ts';

const amount = z.string().regex(/^\d{1,30}$/);

/** Sessions and bytes, as text because they can pass 2^53. */
export const storedTally = z.strictObject({
  sessions: z.array(z.strictObject({ reason: z.string(), action: z.string(), sessions: amount, bytes: amount })),
  unidentified: z.record(z.string(), amount),
});

export type StoredTally = z.output<typeof storedTally>;

interface Count {
  readonly reason: string;
  readonly action: string;
  sessions: bigint;
  bytes: bigint;
}

/** What a word becomes that is not in the vocabulary: labels are not for what a device may invent. */
const OTHER = 'other';

const REASONS = sessionEndReasons.map(({ value }) => value);
const ACTIONS = actions.map(({ value }) => value);
const UNIDENTIFIED = unidentifiedApplications.map(({ value }) => value);

/** Counts ended sessions by session end reason and action, and those without an application by why there is none. */
export class Tally {
  readonly #counts = new Map<string, Count>();
  readonly #unidentified = new Map<string, bigint>(UNIDENTIFIED.map(application => [application, 0n]));

  /** Counts what blocks and what ends most sessions begin at 0, so that the first of a kind is a rise. */
  static empty(): Tally {
    const tally = new Tally();
    for (const reason of REASONS) tally.#count(reason, reason === 'policy-deny' ? 'deny' : 'allow');
    return tally;
  }

  static from(stored: StoredTally): Tally {
    const tally = new Tally();
    for (const { reason, action, sessions, bytes } of stored.sessions) {
      const count = tally.#count(reason, action);
      count.sessions = BigInt(sessions);
      count.bytes = BigInt(bytes);
    }
    for (const [application, sessions] of Object.entries(stored.unidentified)) {
      tally.#unidentified.set(application, BigInt(sessions));
    }
    return tally;
  }

  /** An entry at the start of a session is not counted: the session comes again at its end. */
  add(entry: TrafficEntry): void {
    if (entry.start) return;
    const count = this.#count(known(REASONS, entry.reason), known(ACTIONS, entry.action));
    count.sessions += 1n;
    count.bytes += entry.bytes ?? 0n;
    const application = known(UNIDENTIFIED, entry.application);
    const sessions = this.#unidentified.get(application);
    if (sessions !== undefined) this.#unidentified.set(application, sessions + 1n);
  }

  counts(): readonly Readonly<Count>[] {
    return [...this.#counts.values()];
  }

  unidentified(): readonly (readonly [application: string, sessions: bigint])[] {
    return [...this.#unidentified];
  }

  toStored(): StoredTally {
    return {
      sessions: this.counts().map(({ reason, action, sessions, bytes }) => ({
        reason,
        action,
        sessions: sessions.toString(),
        bytes: bytes.toString(),
      })),
      unidentified: Object.fromEntries(this.unidentified().map(([name, sessions]) => [name, sessions.toString()])),
    };
  }

  #count(reason: string, action: string): Count {
    const key = `${reason} ${action}`;
    const found = this.#counts.get(key);
    if (found) return found;
    const count = { reason, action, sessions: 0n, bytes: 0n };
    this.#counts.set(key, count);
    return count;
  }
}

/** The word of the vocabulary that is meant, whatever its case and dashes. Releases before 6.1 write no reason: unknown. */
function known(words: readonly string[], written: string | undefined): string {
  const key = termKey(written ?? 'unknown');
  return words.includes(key) ? key : OTHER;
}
