/** Who is where, and in which groups: what User-ID knows. Both members of a pair know the same. */

export interface Login {
  readonly address: string;
  /** `domain\user`, or `unknown`. */
  readonly user: string;
  readonly type: 'AD' | 'GP' | 'TS' | 'Unknown' | 'XMLAPI';
  readonly vsys: string;
  readonly since: number;
}

export interface UserGroup {
  /** A short name, or a distinguished name. */
  readonly name: string;
  readonly members: readonly string[];
}

const RENEWED_EVERY_S = 2_700;

export class Directory {
  #logins: Login[] = [];
  readonly #groups = new Map<string, readonly string[]>();

  login(login: Login): void {
    this.#logins.push(login);
  }

  /** Forgets who is at the address: everyone, or the user named. */
  logout(address: string, user?: string): void {
    this.#logins = this.#logins.filter(
      login => login.address !== address || (user !== undefined && login.user !== user),
    );
  }

  logins(vsys: string): readonly Login[] {
    return this.#logins.filter(login => login.vsys === vsys);
  }

  /** Makes the group, or gives it other members. */
  setGroup(name: string, members: readonly string[]): void {
    this.#groups.set(name, members);
  }

  removeGroup(name: string): void {
    this.#groups.delete(name);
  }

  groups(): readonly UserGroup[] {
    return [...this.#groups].map(([name, members]) => ({ name, members }));
  }
}

/** Seconds until the mapping ends, if nobody renews it; the domain controllers do, each time. */
export function secondsLeft(login: Login, now: number): number {
  return RENEWED_EVERY_S - (Math.max(0, Math.floor((now - login.since) / 1_000)) % RENEWED_EVERY_S);
}
