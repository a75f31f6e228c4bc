/** The rows of a report over the traffic summary database of one member. */
import { carriesTraffic, type Member } from '../member.ts';
import { BUCKET_MS, bucketStart, officeUsage, type UsageRow } from './usage.ts';

export interface RowsWanted {
  readonly columns: readonly (keyof Omit<UsageRow, 'bytes'>)[];
  readonly sorted: boolean;
  readonly rows: number;
  /** Moments in ms since the epoch, both inclusive; every bucket that they touch counts as a whole. */
  readonly window: { readonly from: number; readonly to: number };
  readonly matches: (row: UsageRow) => boolean;
  /** From the end of a bucket until it is complete. */
  readonly settlesMs: number;
}

/**
 * Rows with their bytes, largest first, cut at `rows`. Unsorted ones are not aggregated either: that is what a device
 * does with a report that has no sort column.
 */
export function reportRows(member: Member, wanted: RowsWanted, now: number): readonly UsageRow[] {
  const found = closedBuckets(wanted.window, now)
    .flatMap(start => rowsOf(member, start, now >= start + BUCKET_MS + wanted.settlesMs))
    .filter(wanted.matches);
  if (!wanted.sorted) return found.slice(0, wanted.rows);
  return aggregate(found, wanted.columns)
    .sort((left, right) => (left.bytes === right.bytes ? 0 : left.bytes < right.bytes ? 1 : -1))
    .slice(0, wanted.rows);
}

function rowsOf(member: Member, start: number, complete: boolean): readonly UsageRow[] {
  const rows = [...(carriesTraffic(member) ? officeUsage(start) : []), ...member.usage.rows(start)];
  return complete ? rows : rows.slice(0, Math.floor(rows.length / 2));
}

function closedBuckets({ from, to }: RowsWanted['window'], now: number): readonly number[] {
  const first = bucketStart(from);
  const last = Math.min(bucketStart(to), bucketStart(now) - BUCKET_MS);
  const count = Math.max(0, (last - first) / BUCKET_MS + 1);
  return Array.from({ length: count }, (_, index) => first + index * BUCKET_MS);
}

function aggregate(rows: readonly UsageRow[], columns: RowsWanted['columns']): UsageRow[] {
  const groups = new Map<string, UsageRow>();
  for (const row of rows) {
    const key = columns.map(column => row[column]).join('\n');
    const known = groups.get(key);
    groups.set(key, known ? { ...known, bytes: known.bytes + row.bytes } : row);
  }
  return [...groups.values()];
}
