import { messageOf } from '../../../core/errors.ts';
import type { Exhibit, MissingExhibit } from '../access.ts';
import type { Layout } from './discovery.ts';
import { pagesOf, type Page } from './log-pages.ts';

/** Entries kept of each other log: an iDRAC's life cycle log has up to 500,000. */
const OTHER_LOG_ENTRIES = 5_000;

/** Gets a resource as it is. */
export type Get = (path: string) => Promise<unknown>;

/** Everything that is only read. The event log comes first, and must be had. */
export async function* readExhibits(
  layout: Layout,
  get: Get,
  getPage: (path: string) => Promise<Page>,
): AsyncGenerator<Exhibit | MissingExhibit> {
  yield await logExhibit('event-log.json', layout.eventLog.entries, Infinity, getPage);
  const others = layout.logs.filter(log => log !== layout.eventLog);
  for (const [index, { entries }] of others.entries()) {
    yield await attempt(`log-${index + 1}.json`, entries, name =>
      logExhibit(name, entries, OTHER_LOG_ENTRIES, getPage),
    );
  }
  for (const [name, path] of resourcesOf(layout)) {
    yield await attempt(name, path, async () => jsonExhibit(name, path, await get(path)));
  }
}

function resourcesOf(layout: Layout): readonly (readonly [string, string])[] {
  const numbered = (word: string, paths: readonly string[]) =>
    paths.map((path, index) => [`${word}-${index + 1}.json`, path] as const);
  return [
    ['service-root.json', '/redfish/v1/'],
    ['system.json', layout.system],
    ...numbered('manager', layout.managers),
    ...numbered('chassis', layout.chassis),
    ...numbered(
      'power',
      layout.chassis.map(path => `${path}/Power`),
    ),
    ...numbered(
      'thermal',
      layout.chassis.map(path => `${path}/Thermal`),
    ),
  ];
}

async function logExhibit(
  name: string,
  path: string,
  entriesMax: number,
  getPage: (path: string) => Promise<Page>,
): Promise<Exhibit> {
  const entries: unknown[] = [];
  for await (const page of pagesOf(path, entriesMax, getPage)) entries.push(...page.entries);
  return jsonExhibit(name, path, { '@odata.id': path, Members: entries });
}

async function attempt(
  name: string,
  path: string,
  make: (name: string) => Promise<Exhibit>,
): Promise<Exhibit | MissingExhibit> {
  try {
    return await make(name);
  } catch (error) {
    return { name, source: `GET ${path}`, missing: messageOf(error) };
  }
}

function jsonExhibit(name: string, path: string, value: unknown): Exhibit {
  return { name, source: `GET ${path}`, bytes: Buffer.from(JSON.stringify(value, undefined, 1)) };
}
