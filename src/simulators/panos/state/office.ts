/** The people of the simulated office: who they are, where they sit, and which groups they are in. */
import { Directory, type Login } from './directory.ts';

/** One person at one address; the user is empty where User-ID knows nobody. */
export interface Seat {
  readonly source: string;
  readonly user: string;
}

export const SEATS: readonly Seat[] = [
  { source: '10.1.20.11', user: 'corp\\alice' },
  { source: '10.1.20.12', user: 'corp\\bob' },
  { source: '10.1.20.13', user: 'corp\\carol' },
  { source: '10.1.20.14', user: '' },
];

/** Bob's second machine, and a terminal server that two share. */
const MORE_SEATS: readonly Seat[] = [
  { source: '10.1.20.22', user: 'corp\\bob' },
  { source: '10.1.30.5', user: 'corp\\carol' },
  { source: '10.1.30.5', user: 'corp\\dave' },
];

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'cn=employees,cn=users,dc=corp,dc=example': ['corp\\alice', 'corp\\bob', 'corp\\carol', 'corp\\dave'],
  'corp\\interns': ['corp\\carol', 'corp\\dave'],
};

export const ALL_SEATS: readonly Seat[] = [...SEATS, ...MORE_SEATS];

export function officeDirectory(now: number): Directory {
  const directory = new Directory();
  for (const seat of ALL_SEATS) directory.login(loginOf(seat, now));
  for (const [name, members] of Object.entries(GROUPS)) directory.setGroup(name, members);
  return directory;
}

function loginOf({ source, user }: Seat, now: number): Login {
  const known = user !== '';
  return {
    address: source,
    user: known ? user : 'unknown',
    type: !known ? 'Unknown' : source === '10.1.30.5' ? 'TS' : 'AD',
    vsys: 'vsys1',
    since: now,
  };
}
