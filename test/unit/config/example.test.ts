import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { exampleConfig } from '../../../src/config/example.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { jsonSchema } from '../../../src/config/schema.ts';
import type { AnyDriver } from '../../../src/devices/contract.ts';
import { drivers } from '../../../src/devices/registry.ts';
import { configDrivers } from '../../support/config-drivers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Writes the text and every secret file that it names, and loads it. */
async function load(context: TestContext, text: string, withDrivers: readonly AnyDriver[]) {
  const folder = temporaryFolder(context);
  for (const [, name = ''] of text.matchAll(/_file: (\S+)/g)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `a secret in ${name}\n`.replaceAll(' ', '-'), { mode: 0o600 });
  }
  writeFileSync(join(folder, 'unclog.yml'), text);
  return loadConfig(join(folder, 'unclog.yml'), withDrivers, {});
}

for (const [which, list] of [
  ['test', configDrivers],
  ['real', drivers],
] as const) {
  test(`the example for the ${which} drivers loads as it is`, async context => {
    const { config, warnings } = await load(context, exampleConfig(list), list);
    const withExample = list.filter(({ config: schema }) => schema.meta()?.['example'] !== undefined);
    assert.deepEqual(
      config.devices.map(({ driver }) => driver),
      withExample.map(({ name }) => name),
    );
    assert.deepEqual(
      warnings.filter(warning => !warning.includes('has no effect')),
      [],
    );
  });

  test(`the example for the ${which} drivers loads with its optional lines too, and they change nothing`, async context => {
    const text = exampleConfig(list);
    const plain = await load(context, text, list);
    const everything = text.replaceAll(/^( {2}| {4})# (\w+: )/gm, '$1$2').replaceAll(/^#(server:| {2}\w)/gm, '$1');
    const full = await load(context, everything, list);
    assert.ok(full.config.server.operatorToken, 'the tokens are there');
    assert.equal(full.config.guards.freeze.length, 1);
    assert.deepEqual(full.config.policies, plain.config.policies, 'what is shown are the defaults');
  });
}

test('the JSON Schema takes every driver and remedy, and no other key', () => {
  const schema = jsonSchema(configDrivers);
  assert.equal(schema.additionalProperties, false);
  const devices = schema.properties?.['devices']?.items;
  assert.ok(typeof devices === 'object');
  assert.deepEqual(
    devices.oneOf?.map(({ properties }) => properties?.['driver']?.const),
    ['panos', 'junos', 'supermicro', 'endace'],
  );
  assert.ok(devices.oneOf?.every(({ additionalProperties }) => additionalProperties === false));
  const remedies = schema.properties?.['remedies'];
  assert.equal(remedies?.additionalProperties, false);
  const discard = remedies.properties?.['panos/discard-sessions'];
  assert.deepEqual(Object.keys(discard?.properties ?? {}).sort(), [
    'applications',
    'approval_timeout',
    'cooldown',
    'discard_timeout',
    'max_actions_per_hour',
    'min_share',
    'mode',
    'threshold',
    'zones',
  ]);
  assert.equal(discard?.additionalProperties, false);
  assert.doesNotThrow(() => JSON.stringify(schema));
});
