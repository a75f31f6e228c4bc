import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import type { SchemaNode } from '../../src/config/known-keys.ts';
import { jsonSchema } from '../../src/config/schema.ts';
import { drivers } from '../../src/devices/registry.ts';

const schema = jsonSchema(drivers);
const documented = readTables(join(import.meta.dirname, '../../docs/CONFIG.md'));
const COMMON_DEVICE_KEYS = ['name', 'driver'];

compare('unclog.yml', topKeys());
compare('server', keysOf(property(schema, 'server')));
compare('guards', keysOf(property(schema, 'guards')));

const devices = property(schema, 'devices').items;
assert.ok(typeof devices === 'object');
for (const device of devices.oneOf ?? []) {
  const keys = keysOf(device);
  for (const key of COMMON_DEVICE_KEYS) keys.delete(key);
  compare(device.title ?? '', keys);
}

const remedies = Object.entries(property(schema, 'remedies').properties ?? {});
const common = new Set(['mode', 'max_actions_per_hour', 'cooldown', 'approval_timeout']);
for (const [name, remedy] of remedies) {
  const keys = [...keysOf(remedy)];
  // A remedy that does not begin in dry-run says so in its own table.
  const ownMode = (key: string, value: string) => key === 'mode' && value !== '`dry-run`';
  const shared = keys.map(([key, value]) => [key, ownMode(key, value) ? '`dry-run`' : value] as const);
  compare('remedies', new Map(shared.filter(([key]) => common.has(key))));
  compare(name, new Map(keys.filter(([key, value]) => !common.has(key) || ownMode(key, value))));
}

test('docs/CONFIG.md has no table of what does not exist', () => {
  const titles = (devices.oneOf ?? []).map(({ title }) => title ?? '');
  const known = new Set([
    'unclog.yml',
    'server',
    'guards',
    'devices',
    'remedies',
    ...titles,
    ...remedies.map(([name]) => name),
  ]);
  assert.deepEqual(
    [...documented.keys()].filter(name => !known.has(name)),
    [],
  );
  assert.deepEqual([...(documented.get('devices')?.keys() ?? [])], ['name', 'driver', 'addresses']);
});

/** The table under the heading that names `section` has exactly these keys, with these defaults. */
function compare(section: string, keys: ReadonlyMap<string, string>): void {
  test(`docs/CONFIG.md has the keys and defaults of ${section}`, () => {
    assert.deepEqual(sorted(documented.get(section) ?? new Map()), sorted(keys));
  });
}

function topKeys(): ReadonlyMap<string, string> {
  return new Map(Object.entries(schema.properties ?? {}).map(([key, node]) => [key, valueOf(node, false)]));
}

/** Every key under a map, nested ones with dots and those of listed maps with `[]`, and what stands as its default. */
function keysOf(node: SchemaNode, before = ''): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [key, inner] of Object.entries(node.properties ?? {})) {
    const path = `${before}${key}`;
    if (!inner.properties) keys.set(path, valueOf(inner, node.required?.includes(key) ?? false));
    const listed = typeof inner.items === 'object' ? keysOf(inner.items, `${path}[].`) : [];
    for (const [nested, value] of [...keysOf(inner, `${path}.`), ...listed]) keys.set(nested, value);
  }
  return keys;
}

function valueOf(node: SchemaNode, required: boolean): string {
  if (required) return 'required';
  if (node.default === undefined) return '–';
  return `\`${stringify(node.default, { collectionStyle: 'flow', flowCollectionPadding: false }).trim()}\``;
}

/** Of each heading that ends in a name in backquotes: the first and third column of its table. */
function readTables(file: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const tables = new Map<string, Map<string, string>>();
  let section: string | undefined;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('#')) section = /`([^`]+)`$/.exec(line)?.[1];
    const name = /^\| `([^`]+)` \|/.exec(line)?.[1];
    if (section === undefined || name === undefined) continue;
    const table = tables.get(section) ?? new Map<string, string>();
    tables.set(section, table.set(name, line.split(' | ')[2] ?? ''));
  }
  return tables;
}

function property(node: SchemaNode, key: string): SchemaNode {
  const found = node.properties?.[key];
  assert.ok(found, key);
  return found;
}

function sorted(map: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
