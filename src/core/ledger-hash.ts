import { createHash } from 'node:crypto';
import type { CaseEvent } from './case.ts';
import { canonicalJson, type Json } from './json.ts';

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64);

/** Links an entry to the one before it: changing any entry breaks every later hash. */
export function entryHash(previous: string, seq: number, caseId: string, at: number, event: CaseEvent): string {
  // Through JSON, so that what is hashed is what a reader of the stored text will see.
  const stored = JSON.parse(JSON.stringify(event)) as Json;
  return createHash('sha256')
    .update(canonicalJson([previous, seq, caseId, at, stored]))
    .digest('hex');
}
