/** Tags that others have set before any client of ours came: none of its business. */
import { type Tag, TagTable } from './tag-table.ts';

const VSYS = 'vsys1';

export function foreignAddresses(now: number): TagTable {
  const table = new TagTable();
  table.put(VSYS, '10.1.20.200', new Map([['printer', tag(now, { fromAgent: true })]]));
  table.put(VSYS, '10.1.20.13', new Map([['azure.region.westus', tag(now)]]));
  return table;
}

export function foreignUsers(now: number): TagTable {
  const table = new TagTable();
  table.put(VSYS, 'corp\\bob', new Map([['contractor', tag(now)]]));
  return table;
}

function tag(since: number, facts: Partial<Tag> = {}): Tag {
  return { since, timeoutMs: 0, persistent: true, fromAgent: false, ...facts };
}
