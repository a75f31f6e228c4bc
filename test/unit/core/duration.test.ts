import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../../src/core/duration.ts';

test('durations are read as they are written in Prometheus', () => {
  const cases = { '15m': 900_000, '1h30m': 5_400_000, '500ms': 500, '0s': 0, '2w': 1_209_600_000, '1d1ms': 86_400_001 };
  for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms, text);
});

test('what is no duration is refused', () => {
  for (const text of [
    '',
    '15',
    'm',
    '-5m',
    '1.5h',
    '5 m',
    ' 5m',
    '5m ',
    '5M',
    '5min',
    '5mx',
    'x5m',
    '١m',
    '1e3s',
    `${'9'.repeat(30)}w`,
  ]) {
    assert.equal(parseDuration(text), undefined, JSON.stringify(text));
  }
});

test('no text at all makes reading throw, and what is read is a whole number of milliseconds', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const ms = parseDuration(text);
      assert.ok(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0));
    }),
  );
});

test('whole seconds of a minute and more come back from their text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 10_000_000 }), seconds => {
      assert.equal(parseDuration(formatDuration(seconds * 1_000)), seconds * 1_000);
    }),
  );
});

test('durations are written as a person would', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0ms'],
    [180, '180ms'],
    [999.7, '1s'],
    [4_200, '4.2s'],
    [59_990, '1m'],
    [60_000, '1m'],
    [5_400_000, '1h30m'],
    [90_061_000, '1d1h1m1s'],
  ];
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
});
