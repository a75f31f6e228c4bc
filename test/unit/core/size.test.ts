import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSize } from '../../../src/core/size.ts';

test('sizes are read in decimal and binary units', () => {
  const cases = { '20MB': 20_000_000, '16MiB': 16_777_216, '1.5KB': 1_500, '0B': 0, '1 GB': 1e9, '2TiB': 2 ** 41 };
  for (const [text, bytes] of Object.entries(cases)) assert.equal(parseSize(text), bytes, text);
});

test('what is no size, or no whole number of bytes, is refused', () => {
  for (const text of [
    '',
    '20',
    'MB',
    '-1MB',
    '20mb',
    '20 MB ',
    '1,5MB',
    '1.5B',
    '0x10KB',
    '1.0001KB',
    '99999999TB',
    '1e3KB',
  ]) {
    assert.equal(parseSize(text), undefined, text);
  }
});

test('every decimal fraction that is a whole number of bytes is read exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), bytes => {
      const text = `${Math.floor(bytes / 1e6)}.${String(bytes % 1e6).padStart(6, '0')}MB`;
      assert.equal(parseSize(text), bytes, text);
    }),
  );
});
