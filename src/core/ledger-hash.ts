import { createHash } from 'node:crypto';
import type { CaseEvent } from './case.ts';
import { canonicalJson } from './json.ts';

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64);

/** The one text of an event, as it is stored and hashed: sorted keys, no white space, nothing undefined. */
export function eventText(event: CaseEvent): string {
  return canonicalJson(event);
}

/** Links an entry to the one before it: changing any entry breaks every later hash. `text` is from `eventText`. */
export function entryHash(previous: string, seq: number, caseId: string, at: number, text: string): string {
  return createHash('sha256')
    .update(`[${JSON.stringify(previous)},${seq},${JSON.stringify(caseId)},${at},${text}]`)
    .digest('hex');
}
