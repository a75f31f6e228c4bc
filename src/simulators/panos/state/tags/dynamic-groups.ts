import { parseTagFilter } from './tag-filter.ts';
import type { TagTable } from './tag-table.ts';

/** A dynamic address group or a dynamic user group, as an administrator committed it. */
export interface DynamicGroup {
  readonly kind: 'address' | 'user';
  readonly name: string;
  /** Absent: defined for all virtual systems. */
  readonly vsys?: string | undefined;
  /** As `'quota' or 'infected'`. */
  readonly filter: string;
}

/** What an administrator has set up for the tag `quota`, and a group that is none of a client's business. */
export const DEFAULT_GROUPS: readonly DynamicGroup[] = [
  { kind: 'address', name: 'quota', vsys: 'vsys1', filter: "'quota'" },
  { kind: 'address', name: 'office-printers', filter: "'printer' or 'scanner'" },
  { kind: 'user', name: 'quota-users', vsys: 'vsys1', filter: "'quota'" },
];

/** Who is in the group: tags count `delayMs` after they were set. */
export function membersOf(group: DynamicGroup, table: TagTable, vsys: string, at: Moment): readonly string[] {
  const matches = parseTagFilter(group.filter);
  return table
    .list(vsys, at.now)
    .filter(({ tags }) =>
      matches(new Set([...tags].filter(([, { since }]) => at.now >= since + at.delayMs).map(first))),
    )
    .map(({ subject }) => subject);
}

export interface Moment {
  readonly now: number;
  readonly delayMs: number;
}

function first(pair: readonly [string, unknown]): string {
  return pair[0];
}
