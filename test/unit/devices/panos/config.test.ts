import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { panosEntry } from '../../../../src/devices/panos/config.ts';
import { drivers } from '../../../../src/devices/registry.ts';

const ENTRY = {
  name: 'fw-edge',
  driver: 'panos',
  addresses: ['https://192.0.2.11', 'https://192.0.2.12'],
  credentials: { api_key_file: 'secrets/fw-edge.key' },
};

function problems(change: object): string {
  const found = panosEntry.safeParse({ ...ENTRY, ...change });
  return found.success ? 'none' : z.prettifyError(found.error);
}

describe('the entry of a device with the driver panos', () => {
  test('takes an API key or a user with a password, from a file or the environment', () => {
    assert.equal(problems({}), 'none');
    assert.equal(problems({ credentials: { api_key: '${FW_KEY}' } }), 'none');
    assert.equal(problems({ credentials: { username: 'unclog', password_file: 'pw' } }), 'none');
    assert.equal(problems({ credentials: { username: 'unclog', password: '${FW_PW}' } }), 'none');
  });

  test('refuses half credentials, two kinds of them, and secrets in plain text', () => {
    const expected = /either api_key_file \(or api_key\), or username and password_file/;
    for (const credentials of [
      {},
      { username: 'unclog' },
      { password_file: 'pw' },
      { api_key_file: 'key', username: 'unclog', password_file: 'pw' },
      { api_key_file: 'key', api_key: '${FW_KEY}' },
    ]) {
      assert.match(problems({ credentials }), expected, JSON.stringify(credentials));
    }
    assert.match(problems({ credentials: { api_key: 'LUFRPT1' } }), /found a secret in plain text/);
  });

  test('refuses addresses that are no HTTPS address, and more than two', () => {
    assert.match(problems({ addresses: ['http://192.0.2.11'] }), /https:\/\/ is expected, because credentials travel/);
    assert.match(problems({ addresses: [] }), /addresses/);
    assert.match(problems({ addresses: [1, 2, 3].map(n => `https://192.0.2.${n}`) }), /two members of an HA pair/);
  });

  test('refuses keys that it does not know', () => {
    assert.match(problems({ credential: {} }), /Unrecognized key: "credential"/);
    assert.match(problems({ tls: { ca: 'x' } }), /Unrecognized key: "ca"/);
  });

  test('judges certificates by public authorities unless told otherwise', () => {
    assert.deepEqual(panosEntry.parse(ENTRY).tls, { kind: 'public' });
  });

  test('has a JSON schema for editors, as every driver', () => {
    for (const driver of drivers) assert.equal(z.toJSONSchema(driver.config, { io: 'input' }).type, 'object');
  });
});

describe('the options of panos/discard-sessions', () => {
  const schema = drivers
    .flatMap(({ remedies }) => remedies)
    .find(({ name }) => name === 'panos/discard-sessions')?.options;
  const found = (options: object) => {
    const result = schema?.safeParse(options);
    return result?.success ? result.data : z.prettifyError(result?.error ?? new z.ZodError([]));
  };

  test('have defaults', () => {
    assert.deepEqual(found({}), {
      threshold: 80,
      min_share: 2,
      applications: ['any'],
      discard_undecided: false,
      zones: ['any'],
      discard_timeout: 60_000,
      max_sessions: 5,
      verify_within: 10_000,
    });
  });

  test('are limited', () => {
    for (const [options, message] of [
      [{ threshold: 9 }, /10/],
      [{ threshold: 96 }, /95/],
      [{ min_share: 1 }, /2/],
      [{ applications: [] }, /applications/],
      [{ applications: ['dns', 'undecided'] }, /undecided is no application/],
      [{ discard_timeout: '0s' }, /1s to 1h is allowed/],
      [{ discard_timeout: '1500ms' }, /whole seconds/],
      [{ discard_timeout: '2h' }, /1s to 1h is allowed/],
      [{ max_sessions: 0 }, /1/],
      [{ max_sessions: 21 }, /20/],
      [{ verify_within: '10m' }, /1s to 5m is allowed/],
      [{ treshold: 80 }, /Unrecognized key/],
    ] as const) {
      assert.match(String(found(options)), message, JSON.stringify(options));
    }
  });

  test('have a JSON schema for editors', () => {
    assert.ok(schema);
    assert.equal(z.toJSONSchema(schema, { io: 'input' }).type, 'object');
  });
});
