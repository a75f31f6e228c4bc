import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import fc from 'fast-check';
import pino from 'pino';
import { SecretSource } from '../../../src/core/secret-source.ts';
import { redact, Secret } from '../../../src/core/secret.ts';

test('a secret cannot be printed by accident', () => {
  const secret = new Secret('hunter2');
  const source = new SecretSource('file', 'secrets/x.key');
  source.fill(secret);
  const lines: string[] = [];
  pino({}, { write: line => lines.push(line) }).info({ secret, source, deep: { list: [secret] } }, 'hello');
  const printed = [
    secret.toString(),
    String(secret),
    JSON.stringify({ secret, source }),
    inspect({ secret, source }, { depth: 9, showHidden: true }),
    format('%s %o %O %j', secret, source, { secret }, source),
    lines.join(''),
    JSON.stringify(structuredClone({ ...source })),
    JSON.stringify(Object.entries(secret)),
  ].join('\n');
  assert.equal(printed.includes('hunter2'), false, printed);
  assert.equal(secret.reveal(), 'hunter2');
});

test('a source that was not read yet says so', () => {
  assert.throws(() => new SecretSource('env', 'TOKEN').secret, {
    name: 'Bug',
    message: 'secret from env TOKEN was used before it was read',
  });
});

test('a secret is taken out of text in the forms in which it travels', () => {
  const secret = new Secret('p&ss "w/rd"<1>');
  const text = [
    secret.reveal(),
    encodeURIComponent(secret.reveal()),
    'p&amp;ss &quot;w/rd&quot;&lt;1&gt;',
    JSON.stringify(secret.reveal()),
  ];
  assert.equal(redact(text.join(' | '), [secret]), '<secret> | <secret> | <secret> | "<secret>"');
});

test('of secrets that hold each other nothing is left', () => {
  const secrets = [new Secret('abc'), new Secret('abcdef'), new Secret('')];
  assert.equal(redact('x abcdef y abc', secrets), 'x <secret> y <secret>');
  assert.equal(redact('key=secret', [new Secret('key=s'), new Secret('secret')]), '<secret>ecret');
});

test('no text that held a secret holds it afterwards', () => {
  const password = fc
    .string({ unit: 'grapheme', minLength: 6, maxLength: 20 })
    .filter(text => !'<secret>'.includes(text));
  fc.assert(
    fc.property(password, fc.string(), fc.string(), (text, before, after) => {
      const shown = redact(`${before}\n${text}\n${after}`, [new Secret(text)]);
      assert.equal(shown.replaceAll('<secret>', '').includes(text), false);
    }),
  );
});

test('text without secrets stays as it is', () => {
  assert.equal(redact('nothing here $& $1', [new Secret('a.b*c')]), 'nothing here $& $1');
});
