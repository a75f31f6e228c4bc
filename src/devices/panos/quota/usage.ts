import { parseAddress } from '../../../core/address.ts';
import type { ReportRow } from '../replies/report.ts';
import type { Bucket } from './bucket.ts';

/** Who used how much in one bucket. */
export interface Usage {
  readonly bucket: Bucket;
  /** The report was cut at its largest number of rows: sums of users and groups may be too small. */
  readonly truncated: boolean;
  /** Canonical address → bytes. */
  readonly addresses: ReadonlyMap<string, bigint>;
  /** User in lower case → bytes over all addresses. Without those that the device does not know. */
  readonly users: ReadonlyMap<string, bigint>;
  /** Canonical address → users in lower case that were seen behind it. */
  readonly usersBehind: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Firmware that caps a report below what was asked for does so at a round number. */
const ROUND = 500;

/** Sums up the rows. An address with several users is several rows; so is one user with several addresses. */
export function sumUp(bucket: Bucket, rows: readonly ReportRow[], top: number): Usage {
  const addresses = new Map<string, bigint>();
  const users = new Map<string, bigint>();
  const usersBehind = new Map<string, Set<string>>();
  for (const row of rows) {
    const address = parseAddress(row.source);
    const user = knownUser(row.user);
    if (address !== undefined) add(addresses, address, row.bytes);
    if (user !== undefined) add(users, user, row.bytes);
    if (address === undefined || user === undefined) continue;
    const behind = usersBehind.get(address) ?? new Set();
    usersBehind.set(address, behind.add(user));
  }
  const truncated = rows.length >= top || (rows.length > 0 && rows.length % ROUND === 0);
  return { bucket, truncated, addresses, users, usersBehind };
}

/** Bytes of all these users together. Who did not use anything is not listed, and adds nothing. */
export function sumOf(usage: Usage, members: Iterable<string>): bigint {
  let total = 0n;
  for (const member of new Set([...members].map(name => name.toLowerCase()))) total += usage.users.get(member) ?? 0n;
  return total;
}

/** The user in lower case, as names of users are compared; undefined for none and for `unknown`. */
export function knownUser(text: string): string | undefined {
  const user = text.trim().toLowerCase();
  return user === '' || user === 'unknown' ? undefined : user;
}

function add(sums: Map<string, bigint>, key: string, bytes: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + bytes);
}
