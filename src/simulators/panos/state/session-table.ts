import { phaseAt, type Session } from './session.ts';

export type NewSession = Omit<Session, 'id' | 'discarded' | 'endedAt'>;

const HISTORY_MS = 3_600_000;

/**
 * The sessions of one member. Ended ones are kept for an hour, because the resource monitor's history still counts
 * them; no command lists them. Ids are handed out upwards, and the id of a session that is gone may be given again.
 */
export class SessionTable {
  #sessions: Session[] = [];
  #nextId: number;
  /** Sessions since boot. Starts above 2^31, as was seen on a busy firewall. */
  installed = 4_294_967_296;

  constructor(firstId: number) {
    this.#nextId = firstId;
  }

  /** Adds a session. `id` takes a given number, which must be free; without it the next number is used. */
  open(session: NewSession, id?: number): Session {
    if (id !== undefined && this.find(id, session.startedAt)) throw new RangeError(`session ${id} still exists`);
    const opened: Session = { ...session, id: id ?? this.#nextId++ };
    this.#sessions.push(opened);
    this.installed++;
    return opened;
  }

  /** The session that has this id now, in ACTIVE or DISCARD state. */
  find(id: number, at: number): Session | undefined {
    return this.present(at).find(session => session.id === id);
  }

  /** All sessions in ACTIVE or DISCARD state. */
  present(at: number): readonly Session[] {
    return this.#sessions.filter(session => ['ACTIVE', 'DISCARD'].includes(phaseAt(session, at)));
  }

  /** Present and past sessions, for the load of the last hour. */
  history(): readonly Session[] {
    return this.#sessions;
  }

  forgetOld(at: number): void {
    this.#sessions = this.#sessions.filter(session => phaseAt(session, at - HISTORY_MS) !== 'gone');
  }

  /** What a reboot leaves: nothing. */
  clear(): void {
    this.#sessions = [];
  }
}
