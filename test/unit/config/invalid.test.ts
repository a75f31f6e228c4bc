import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../../src/config/load.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { configDrivers } from '../../support/config-drivers.ts';

const FOLDER = join(import.meta.dirname, 'invalid');
const ENVIRONMENT = { UNCLOG_TEST_EMPTY: '' };
/** What stands in the files where a secret would; no message may repeat it. */
const SECRETS = /hunter2|12345678/;

const files = readdirSync(FOLDER).filter(name => name.endsWith('.yml'));

test('every rule has its file', () => {
  assert.ok(files.length >= 90, `${files.length} files`);
});

for (const name of files) {
  test(`${name.replace(/\.yml$/, '').replaceAll('-', ' ')}: every problem is told, exactly`, async () => {
    const file = join(FOLDER, name);
    const expected = [...readFileSync(file, 'utf8').matchAll(/^# error: (.*)$/gm)].map(([, text]) => text);
    await assert.rejects(loadConfig(file, configDrivers, ENVIRONMENT), (error: unknown) => {
      assert.ok(error instanceof ConfigError, String(error));
      const told = error.message.replaceAll(`${file}:`, '').replaceAll(FOLDER, 'DIR').split('\n');
      assert.deepEqual(told, expected);
      assert.doesNotMatch(error.message, SECRETS);
      return true;
    });
  });
}
