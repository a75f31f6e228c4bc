import type { BoardMaker } from '../sel/board-maker.ts';
import type { LogReading } from '../sel/log-event.ts';
import { readEntry } from './entry.ts';
import { entriesPage } from './replies.ts';

/** The largest log that is read whole: iDRAC gives 50 entries a page, and a SEL cannot have more than 65,535. */
const PAGES_MAX = 1_400;

/** One page as it came. */
export interface Page {
  readonly entries: readonly unknown[];
  readonly declared: number | undefined;
  readonly next: string | undefined;
}

export function readPage(value: unknown): Page | undefined {
  const parsed = entriesPage.safeParse(value);
  if (!parsed.success) return undefined;
  const { Members: entries, ...facts } = parsed.data;
  return {
    entries,
    declared: facts['Members@odata.count'],
    next: facts['Members@odata.nextLink'] ?? facts['@odata.nextLink'],
  };
}

/** Goes through the pages of a log, up to `entriesMax` entries. Ends early when a page names one that was there already. */
export async function* pagesOf(
  path: string,
  entriesMax: number,
  get: (path: string) => Promise<Page>,
): AsyncGenerator<Page> {
  const asked = new Set<string>();
  let entries = 0;
  for (let next: string | undefined = path; next !== undefined && !asked.has(next);) {
    if (asked.size >= PAGES_MAX || entries >= entriesMax) return;
    asked.add(next);
    const page: Page = await get(next);
    yield page;
    entries += page.entries.length;
    next = page.next;
  }
}

/** The pages of a log as one reading. */
export function readPages(pages: readonly Page[], maker: BoardMaker): LogReading {
  const values = pages.flatMap(page => page.entries);
  const events = values.map(value => readEntry(value, maker)).filter(event => event !== undefined);
  const distinct = new Set(events.map(event => event.id)).size;
  const undecoded = values.length - events.length;
  // Entries may come while pages are turned, so each page counts on its own; the smallest count must have been given.
  const declared = pages.flatMap(page => page.declared ?? []);
  const cutOff = distinct + undecoded < Math.min(...declared) || endsEarly(pages);
  return { events, declared: Math.max(distinct, ...declared), truncated: cutOff, undecoded };
}

/** The last page that was read names another one, and not one of those before it. */
function endsEarly(pages: readonly Page[]): boolean {
  return pages.length >= PAGES_MAX && pages.at(-1)?.next !== undefined;
}
