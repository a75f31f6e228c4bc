import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { LoadedConfig } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { SecretSource } from '../../../src/core/secret-source.ts';
import { configDrivers } from '../../support/config-drivers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SECRETS = {
  'secrets/scrape-token': 'scrape-token-0123456789\n',
  'secrets/webhook-token': 'webhook-token-0123456789\r\n',
  'secrets/operator-token': 'operator-token-0123456789',
  'secrets/fw-edge.key': 'fw-api-key\n',
  'secrets/ca.pem': '-----BEGIN CERTIFICATE-----\n',
  'secrets/id_ed25519': '-----BEGIN KEY-----\nline\n-----END KEY-----\n\n',
  'secrets/bmc.pw': ' spaces stay \n',
};

function write(context: TestContext, text: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder(context);
  for (const [name, content] of Object.entries({ 'unclog.yml': text, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  }
  return join(folder, 'unclog.yml');
}

async function load(context: TestContext, text: string, files = {}, environment = {}): Promise<LoadedConfig> {
  return loadConfig(write(context, text, files), configDrivers, environment);
}

async function loadDesignExample(context: TestContext): Promise<LoadedConfig> {
  const file = write(context, '', SECRETS);
  copyFileSync(join(import.meta.dirname, 'valid.yml'), file);
  return loadConfig(file, configDrivers, { ENDACE_PASSWORD: 'endace-password' });
}

test('the example of the design loads whole', async context => {
  const { config, warnings } = await loadDesignExample(context);
  assert.deepEqual(warnings, []);
  assert.equal(config.store, 'sqlite:data/unclog.db');
  assert.deepEqual(
    config.devices.map(({ name, driver, addresses }) => [name, driver, addresses.length]),
    [
      ['fw-edge', 'panos', 2],
      ['srx-vpn', 'junos', 1],
      ['probe7-bmc', 'supermicro', 1],
      ['probe7', 'endace', 1],
    ],
  );
  assert.deepEqual(config.policies.get('panos/block-quota'), {
    mode: 'auto',
    maxActionsPerHour: 20,
    cooldownMs: 300_000,
    approvalTimeoutMs: 3_600_000,
    options: { hold: 900_000, tag: 'quota', group_method: 'dynamic-user-group' },
  });
  assert.equal(config.policies.get('bmc/reset')?.mode, 'off');
  assert.equal(config.guards.maxAlertAgeMs, 600_000);
  const weekend = { days: ['sat', 'sun'], from: 1_320, to: 120, timezone: 'Europe/Berlin' };
  assert.deepEqual(config.guards.freeze, [weekend]);
  const { never } = config.guards;
  assert.equal(never.has({ kind: 'address', value: '10.0.0.77' }), true);
  assert.equal(never.has({ kind: 'user', value: 'CORP\\svc-backup' }), true);
  assert.equal(never.has({ kind: 'address', value: '192.0.2.2' }), false);
});

test('secrets are read from beside the configuration, without their last newline', async context => {
  const { config } = await loadDesignExample(context);
  assert.equal(config.server.scrapeToken?.reveal(), 'scrape-token-0123456789');
  assert.equal(config.server.webhookToken?.reveal(), 'webhook-token-0123456789');
  assert.equal(config.server.operatorToken?.reveal(), 'operator-token-0123456789');
  const secrets = config.devices.map(({ name, ...keys }) => {
    const { credentials } = keys as unknown as { credentials: Readonly<Record<string, unknown>> };
    const source = Object.values(credentials).find(value => value instanceof SecretSource);
    return [name, source?.secret.reveal()];
  });
  assert.deepEqual(secrets, [
    ['fw-edge', 'fw-api-key'],
    ['srx-vpn', '-----BEGIN KEY-----\nline\n-----END KEY-----\n'],
    ['probe7-bmc', ' spaces stay '],
    ['probe7', 'endace-password'],
  ]);
});

test('what is shown of a configuration is as it was written, with its secrets masked', async context => {
  const { config, redacted } = await loadDesignExample(context);
  const shown = redacted as { server: object; devices: readonly { credentials: object; tls?: object }[] };
  assert.deepEqual(shown.server, {
    scrape_token_file: '<secret>',
    webhook_token_file: '<secret>',
    operator_token_file: '<secret>',
  });
  assert.deepEqual(
    shown.devices.map(({ credentials }) => credentials),
    [
      { api_key_file: '<secret>' },
      { username: 'unclog', private_key_file: '<secret>' },
      { username: 'monitor', password_file: '<secret>' },
      { username: 'admin', password: '<secret>' },
    ],
  );
  assert.deepEqual(shown.devices[0]?.tls, { ca_file: 'secrets/ca.pem' }, 'a certificate is no secret');
  const everything = inspect({ config, redacted }, { depth: 20 }) + JSON.stringify({ config, redacted });
  for (const text of [...Object.values(SECRETS), 'endace-password']) {
    if (!text.startsWith('-----BEGIN CERT')) assert.equal(everything.includes(text.trim()), false, text);
  }
});

test('an empty map is a whole configuration of defaults, and says that nothing is watched', async context => {
  const { config, warnings } = await load(context, '{}\n');
  assert.equal(config.store, 'sqlite:data/unclog.db');
  assert.deepEqual([config.server, config.devices, config.policies.size], [{}, [], 0]);
  assert.deepEqual([config.guards.maxAlertAgeMs, config.guards.freeze], [600_000, []]);
  assert.deepEqual(warnings, ['no device is configured: nothing is watched']);
});

const BMC = `devices:
  - { name: bmc, driver: supermicro, addresses: ['https://192.0.2.30'], credentials: { username: u, password: '\${PW}' } }
`;

test('every remedy of a driver in use has a policy, dry-run unless it says otherwise', async context => {
  const { config } = await load(context, BMC, {}, { PW: 'x' });
  assert.deepEqual([...config.policies.keys()], ['bmc/collect-evidence', 'bmc/reset']);
  assert.deepEqual(config.policies.get('bmc/reset'), {
    mode: 'dry-run',
    maxActionsPerHour: 20,
    cooldownMs: 300_000,
    approvalTimeoutMs: 3_600_000,
    options: { action: 'nmi' },
  });
});

test('limits come from the remedy, else from guards, else from the defaults', async context => {
  const text = `${BMC}remedies:
  bmc/reset: { max_actions_per_hour: 1, cooldown: 0s, approval_timeout: 10m }
  bmc/collect-evidence:
guards: { max_actions_per_hour: 7, cooldown: 1m }
`;
  const { config } = await load(context, text, {}, { PW: 'x' });
  const limits = [...config.policies].map(([name, policy]) => {
    const { maxActionsPerHour, cooldownMs, approvalTimeoutMs } = policy;
    return [name, maxActionsPerHour, cooldownMs, approvalTimeoutMs];
  });
  assert.deepEqual(limits, [
    ['bmc/collect-evidence', 7, 60_000, 3_600_000],
    ['bmc/reset', 1, 0, 600_000],
  ]);
});

test('a remedy that no device can use is checked, has no policy and is worth a warning', async context => {
  const { config, warnings } = await load(
    context,
    `${BMC}remedies: { panos/block-quota: { hold: 5m } }\n`,
    {},
    { PW: 'x' },
  );
  assert.equal(config.policies.has('panos/block-quota'), false);
  assert.deepEqual(warnings, ['remedies.panos/block-quota has no effect: no device can use it']);
});

test('an entry of the never-list is an address, a network or a name, and names may be digits', async context => {
  const text =
    "guards: { never: ['4711', 'dc.example', 'cn=x,dc=corp', 'a-b', '::ffff:10.0.0.0/104', '2001:DB8::1'] }\n";
  const { never } = (await load(context, text)).config.guards;
  for (const value of ['4711', 'DC.example', 'cn=x,dc=corp', 'a-b']) {
    assert.equal(never.has({ kind: 'user', value }), true, value);
  }
  for (const value of ['10.1.2.3', '2001:db8::1']) assert.equal(never.has({ kind: 'address', value }), true, value);
});

test('credentials can be shared by an anchor, and are read for each device', async context => {
  const text = `devices:
  - { name: a, driver: supermicro, addresses: ['https://192.0.2.30'], credentials: &c { username: u, password_file: pw } }
  - { name: b, driver: supermicro, addresses: ['https://192.0.2.31'], credentials: *c }
`;
  const { config } = await load(context, text, { pw: 'x\n' });
  assert.equal(config.devices.length, 2);
  await assert.rejects(load(context, text), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(
      error.problems.map(({ line, path }) => [line, path]),
      [
        [2, 'devices[0].credentials.password_file'],
        [2, 'devices[1].credentials.password_file'],
      ],
    );
    return true;
  });
});

test('a secret that everybody may read is a warning, and a certificate is not', async context => {
  const text = `server: { operator_token_file: token }
devices:
  - name: fw
    driver: panos
    addresses: [https://192.0.2.11]
    credentials: { api_key_file: key }
    tls: { ca_file: ca.pem }
`;
  const file = write(context, text, { token: 'a-long-enough-token', key: 'k', 'ca.pem': 'c' });
  for (const name of ['token', 'ca.pem']) chmodSync(join(dirname(file), name), 0o644);
  chmodSync(join(dirname(file), 'key'), 0o640);
  const { warnings } = await loadConfig(file, configDrivers, {});
  const token = join(dirname(file), 'token');
  assert.deepEqual(warnings, [`${token} holds a secret and every user may read it; chmod 600 closes it`]);
});

test('weak and doubled tokens are warnings', async context => {
  const text = 'server: { scrape_token_file: a, operator_token_file: a }\n';
  const { warnings } = await load(context, text, { a: 'short' });
  assert.deepEqual(warnings.slice(0, 3), [
    'server.scrape_token_file holds a token of less than 16 characters',
    'server.operator_token_file holds a token of less than 16 characters',
    'server.operator_token_file and server.scrape_token_file hold the same token',
  ]);
});

test('a file that is missing, a folder, too large or not text is one clear problem', async context => {
  const folder = temporaryFolder(context);
  const said = async (file: string) => {
    const error = await loadConfig(file, configDrivers, {}).catch((reason: unknown) => reason);
    assert.ok(error instanceof ConfigError);
    return error.message.replaceAll(folder, '');
  };
  const none = join(folder, 'none.yml');
  assert.match(await said(none), /^\/none\.yml:1:1: cannot be read: ENOENT.*; name the file with --config\.file$/);
  assert.match(await said(folder), /^:1:1: cannot be read: EISDIR/);
  const large = join(folder, 'large.yml');
  writeFileSync(large, '#'.repeat(1024 * 1024 + 1));
  assert.equal(
    await said(large),
    '/large.yml:1:1: is larger than 1 MiB (1048577 bytes); a configuration is far smaller',
  );
  const binary = join(folder, 'binary.yml');
  writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
  assert.equal(await said(binary), '/binary.yml:1:1: is not UTF-8 text');
  const deep = join(folder, 'deep.yml');
  writeFileSync(deep, '['.repeat(200_000));
  assert.match(await said(deep), /deep\.yml:\d+:\d+: /);
});

test('whatever stands in the file, the outcome is a configuration or a ConfigError with a place', async context => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'any.yml');
  const piece = fc.constantFrom(
    ...['devices', 'guards', 'remedies', 'never', 'freeze', 'server', 'store', 'name', 'driver', 'panos', 'addresses'],
    ...[
      ': ',
      '\n',
      '\n  ',
      '\n    ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      '"',
      "'",
      '&a ',
      '*a',
      '!!x ',
      '#',
      '|',
      '>',
      '?',
      '\t',
      '~',
    ],
    ...[
      'panos/discard-sessions',
      'mode',
      'auto',
      '10.0.0.0/8',
      '5m',
      '7',
      'null',
      '<<',
      '__proto__',
      'constructor',
      '\u0000',
      '%',
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map(parts => parts.join('')),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(text, async content => {
      writeFileSync(file, content);
      try {
        await loadConfig(file, configDrivers, {});
      } catch (error) {
        assert.ok(error instanceof ConfigError, inspect(error));
        assert.ok(error.problems.length > 0);
        for (const { line, column, message } of error.problems) {
          assert.ok(line >= 1 && column >= 1 && message.length > 0);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
