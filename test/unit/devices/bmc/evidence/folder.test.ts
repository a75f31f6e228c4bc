import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Bug } from '../../../../../src/core/errors.ts';
import type { Exhibit, MissingExhibit } from '../../../../../src/devices/bmc/access.ts';
import { checkFolder, writeFolder } from '../../../../../src/devices/bmc/evidence/folder.ts';
import type { Manifest } from '../../../../../src/devices/bmc/evidence/manifest.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const FACTS = { device: 'probe7-bmc', collectedAt: '2026-01-05T12:00:00.000Z', errors: [] };
const LOG = exhibit('event-log.json', 100);

test('a folder that was written is whole, and known by the sum of its manifest', async t => {
  const path = join(temporaryFolder(t), 'one');
  const sealed = await writeFolder(path, some(LOG, exhibit('system.json', 10)), 1_000, FACTS);
  assert.deepEqual(await checkFolder(path), sealed);
  assert.deepEqual([sealed.files, sealed.bytes], [2, 110]);
  assert.deepEqual(readdirSync(path).sort(), ['event-log.json', 'manifest.json', 'system.json']);
});

test('what does not fit or cannot be had is named with the reason, and what comes after it is kept', async t => {
  const path = join(temporaryFolder(t), 'one');
  const refused = { name: 'power.json', source: 'GET /power', missing: 'probe7-bmc: GET /power: status 404' };
  await writeFolder(path, some(LOG, exhibit('log-1.json', 900), refused, exhibit('system.json', 10)), 200, FACTS);
  const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
  assert.deepEqual(
    manifest.files.map(({ name, source }) => [name, source]),
    [
      ['event-log.json', 'GET event-log.json'],
      ['system.json', 'GET system.json'],
    ],
  );
  assert.deepEqual(
    manifest.missing.map(({ name, why }) => [name, why]),
    [
      ['log-1.json', '900 bytes would pass max_size, 200 bytes for the whole folder'],
      ['power.json', 'probe7-bmc: GET /power: status 404'],
    ],
  );
});

test('an error on the way leaves nothing behind', async t => {
  const folder = temporaryFolder(t);
  const broken = async function* (): AsyncGenerator<Exhibit> {
    yield LOG;
    throw new Error('the BMC went away');
  };
  await assert.rejects(writeFolder(join(folder, 'one'), broken(), 1_000, FACTS), /the BMC went away/);
  assert.deepEqual(readdirSync(folder), []);
});

for (const name of ['../escape', 'a/b', '.hidden', '', 'x'.repeat(65), 'nul\u0000']) {
  test(`no file is written as ${JSON.stringify(name.slice(0, 12))}`, async t => {
    const folder = temporaryFolder(t);
    await assert.rejects(writeFolder(join(folder, 'one'), some(exhibit(name, 1)), 1_000, FACTS), Bug);
    assert.deepEqual(readdirSync(folder), []);
  });
}

const DAMAGES: readonly (readonly [string, (path: string) => void, RegExp])[] = [
  [
    'a changed file',
    path => appendFileSync(join(path, 'event-log.json'), 'x'),
    /event-log\.json is not as it was written/,
  ],
  ['a missing file', path => rmSync(join(path, 'event-log.json')), /ENOENT/],
  ['a file too many', path => writeFileSync(join(path, 'more.json'), '{}'), /more\.json is not in the manifest/],
  ['a missing manifest', path => rmSync(join(path, 'manifest.json')), /ENOENT/],
  ['a manifest of another kind', path => writeFileSync(join(path, 'manifest.json'), '{}'), /Invalid/],
  [
    'a manifest that leads elsewhere',
    path => lead(path, '../../etc/passwd'),
    /the manifest names "\.\.\/\.\.\/etc\/passwd"/,
  ],
];

for (const [what, damage, message] of DAMAGES) {
  test(`${what} is found out`, async t => {
    const path = join(temporaryFolder(t), 'one');
    await writeFolder(path, some(LOG), 1_000, FACTS);
    damage(path);
    const found = await checkFolder(path);
    assert('damage' in found);
    assert.match(found.damage, message);
  });
}

function lead(path: string, name: string): void {
  const file = join(path, 'manifest.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"name": "event-log.json"', `"name": ${JSON.stringify(name)}`),
  );
}

async function* some(...exhibits: readonly (Exhibit | MissingExhibit)[]): AsyncGenerator<Exhibit | MissingExhibit> {
  yield* exhibits;
}

function exhibit(name: string, bytes: number): Exhibit {
  return { name, source: `GET ${name}`, bytes: Buffer.alloc(bytes, 'x') };
}
