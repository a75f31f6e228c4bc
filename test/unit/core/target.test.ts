import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTarget, targetText } from '../../../src/core/target.ts';

test('an address or peer is one host, in canonical form', () => {
  assert.deepEqual(parseTarget('address', '2001:DB8::1'), { kind: 'address', value: '2001:db8::1' });
  assert.deepEqual(parseTarget('peer', '192.0.2.1'), { kind: 'peer', value: '192.0.2.1' });
  for (const text of ['', 'any', '192.0.2.0/24', '192.0.2.1, 192.0.2.2', '192.0.2.1</ip>']) {
    assert.equal(parseTarget('address', text), undefined, text);
    assert.equal(parseTarget('peer', text), undefined, text);
  }
});

test('a user or group is any printable name of up to 256 characters', () => {
  for (const text of ['corp\\ann', 'ann@corp.example', 'Zoë', "o'brien", '<x>', 'a'.repeat(256)]) {
    assert.deepEqual(parseTarget('user', text), { kind: 'user', value: text });
  }
  for (const text of ['', '   ', 'a'.repeat(257), 'a\nb', 'a\0', 'a\u200bb', 'a\u202eb', 'a\u2028b', '\ud800']) {
    assert.equal(parseTarget('group', text), undefined, JSON.stringify(text));
  }
});

test('no text at all makes reading throw, and its target is read back from what was read', () => {
  fc.assert(
    fc.property(fc.constantFrom('address', 'user', 'group', 'peer'), fc.string({ unit: 'binary' }), (kind, text) => {
      const target = parseTarget(kind, text);
      if (!target || target.kind === 'device') return;
      assert.deepEqual(parseTarget(kind, target.value), target);
    }),
  );
});

test('the text of a target names its kind, and is empty for the device', () => {
  assert.equal(targetText({ kind: 'device' }), '');
  assert.equal(targetText({ kind: 'group', value: 'corp\\interns' }), 'group:corp\\interns');
});
