/** What a report asks for: the XML of an inline definition, or the saved report `Quota`. */
import { child, type CommandElement, childText, parseCommand } from './command-element.ts';
import { parseQuery, type QueryFields } from './filter-query.ts';
import { BUCKET_MS, bucketStart, type UsageRow } from './state/usage.ts';
import { momentOf } from './state/zone.ts';

/** The columns that a row may be grouped by. */
export const COLUMNS = ['src', 'srcuser', 'dst', 'app'] as const;
export type Column = (typeof COLUMNS)[number];

export interface ReportDefinition {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly values: readonly string[];
  readonly sortBy: string | undefined;
  readonly rows: number;
  /** What `query` lets through. It filters inside the window, and cannot define one. */
  readonly matches: (row: UsageRow) => boolean;
  /** Moments in ms since the epoch, both inclusive. Absent: no window was given where a device looks for one. */
  readonly window: ReportWindow | undefined;
}

export interface ReportWindow {
  readonly from: number;
  readonly to: number;
}

/** A firewall's own now, and its zone. */
interface DeviceTime {
  readonly now: number;
  readonly timeZone: string;
}

const DEFAULT_ROWS = 50;

const PERIODS_MS: Readonly<Record<string, number>> = {
  'last-15-minutes': BUCKET_MS,
  'last-hour': 4 * BUCKET_MS,
  'last-12-hrs': 48 * BUCKET_MS,
  'last-24-hrs': 96 * BUCKET_MS,
};

/** The custom report that an administrator saved: source address, source user, bytes; the last 15 minutes. */
export function savedQuotaReport(rows: number, { now }: DeviceTime): ReportDefinition {
  const window = windowOf(PERIODS_MS['last-15-minutes'] ?? BUCKET_MS, now);
  return {
    name: 'Quota',
    columns: ['src', 'srcuser'],
    values: ['bytes'],
    sortBy: 'bytes',
    rows,
    matches: () => true,
    window,
  };
}

/** Reads `cmd` of a dynamic report; undefined when a device refuses it. */
export function readDefinition(name: string, cmd: string, time: DeviceTime): ReportDefinition | undefined {
  const root = parseCommand(`<definition>${cmd}</definition>`);
  const type = root && child(root, 'type');
  const summary = type && child(type, 'trsum');
  if (!root || !summary) return undefined;
  const columns = members(summary, 'aggregate-by').map(columnOf);
  const rows = childText(root, 'topn') ?? String(DEFAULT_ROWS);
  const period = childText(root, 'period');
  const window = period === undefined ? givenWindow(root, time) : periodWindow(period, time.now);
  const query = parseQuery(childText(root, 'query') ?? '', QUERY_FIELDS, time.timeZone);
  if ('error' in query || columns.includes(undefined) || window === 'refused' || !/^[1-9]\d{0,5}$/.test(rows))
    return undefined;
  return {
    name,
    columns: columns.filter(column => column !== undefined),
    values: members(summary, 'values'),
    sortBy: childText(root, 'sortby') ?? childText(summary, 'sortby'),
    rows: Number(rows),
    matches: query.matches,
    window,
  };
}

const QUERY_FIELDS: QueryFields<UsageRow> = {
  'addr.src': { kind: 'address', of: ({ src }) => src },
  'addr.dst': { kind: 'address', of: ({ dst }) => dst },
  'user.src': { kind: 'text', of: ({ srcuser }) => srcuser },
  app: { kind: 'text', of: ({ app }) => app },
};

function members(summary: CommandElement, name: string): readonly string[] {
  return child(summary, name)?.children.map(({ text }) => text) ?? [];
}

function columnOf(name: string): Column | undefined {
  return COLUMNS.find(column => column === name);
}

// `custom` is no period over the API.
function periodWindow(period: string, now: number): ReportWindow | 'refused' {
  const length = Object.hasOwn(PERIODS_MS, period) ? PERIODS_MS[period] : undefined;
  return length === undefined ? 'refused' : windowOf(length, now);
}

// A summary database has a bucket only once it is closed.
function windowOf(length: number, now: number): ReportWindow {
  const end = bucketStart(now);
  return { from: end - length, to: end - 1_000 };
}

function givenWindow(root: CommandElement, { timeZone }: DeviceTime): ReportWindow | undefined | 'refused' {
  const start = childText(root, 'start-time');
  const end = childText(root, 'end-time');
  if (start === undefined || end === undefined) return undefined;
  const from = momentOf(start, timeZone);
  const to = momentOf(end, timeZone);
  return from === undefined || to === undefined ? 'refused' : { from, to };
}
