import type { Clock } from '../../../core/clock.ts';
import type { Behaviour } from './behaviour.ts';
import type { Directory } from './directory.ts';
import type { DynamicGroup } from './dynamic-groups.ts';
import type { HaSettings } from './high-availability.ts';
import { type Dataplane, loadAt, type Member } from './member.ts';
import type { Platform } from './platform.ts';
import type { Load, Session } from './session.ts';

/** The one administrator account that the simulated device knows. */
export interface Account {
  readonly username: string;
  readonly password: string;
  apiKey: string;
}

/** All that a simulated firewall, or HA pair, knows. Time comes from the clock alone; nothing runs by itself. */
export class PanosState {
  readonly clock: Clock;
  readonly account: Account;
  readonly platform: Platform;
  readonly ha: HaSettings | undefined;
  readonly members: readonly Member[];
  /** Users and their groups; both members of a pair know the same. */
  readonly directory: Directory;
  dynamicGroups: readonly DynamicGroup[];
  behaviour: Behaviour;
  readonly #startedAt: number;
  readonly #startedMonotonic: number;
  #scheduled: { readonly at: number; readonly run: () => void }[] = [];

  constructor(facts: {
    readonly clock: Clock;
    readonly account: Account;
    readonly platform: Platform;
    readonly ha: HaSettings | undefined;
    readonly members: readonly Member[];
    readonly directory: Directory;
    readonly dynamicGroups: readonly DynamicGroup[];
    readonly behaviour: Behaviour;
  }) {
    this.clock = facts.clock;
    this.account = facts.account;
    this.platform = facts.platform;
    this.ha = facts.ha;
    this.members = facts.members;
    this.directory = facts.directory;
    this.dynamicGroups = facts.dynamicGroups;
    this.behaviour = facts.behaviour;
    this.#startedAt = facts.clock.now();
    this.#startedMonotonic = facts.clock.monotonic();
  }

  /** The device's own time, in ms since the epoch: a step of the host's clock does not move it. */
  now(): number {
    return this.#startedAt + this.clock.monotonic() - this.#startedMonotonic;
  }

  /** The member of that name. Throws on a name that is none. */
  member(name: string): Member {
    const found = this.members.find(member => member.name === name);
    if (!found) throw new RangeError(`no member ${name}; members are ${this.members.map(m => m.name).join(', ')}`);
    return found;
  }

  peerOf(member: Member): Member | undefined {
    return this.members.find(candidate => candidate !== member);
  }

  /** The peer, while the pair's control link carries to it what is set on this member. */
  reachablePeer(member: Member): Member | undefined {
    const peer = this.peerOf(member);
    const linked = [...(this.ha?.links ?? [])].some(([name, { up }]) => name.startsWith('ha1') && up);
    return peer && linked && member.downUntil === undefined && peer.downUntil === undefined ? peer : undefined;
  }

  load(member: Member, dataplane: Dataplane, at = this.now()): Load {
    return loadAt(member, dataplane, at, this.behaviour.freeDelayMs);
  }

  sessions(member: Member): readonly Session[] {
    return member.sessions.present(this.now());
  }

  /** Does something later. It happens on the first request or order after that time. */
  schedule(at: number, run: () => void): void {
    this.#scheduled.push({ at, run });
  }

  /** Does what has fallen due, in order of time. */
  advance(): void {
    for (;;) {
      const due = this.#scheduled.filter(event => event.at <= this.now()).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#scheduled = this.#scheduled.filter(event => event !== due);
      due.run();
    }
    for (const member of this.members) {
      member.sessions.forgetOld(this.now());
      member.traffic.advance(this.now());
    }
  }
}
