import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Bug,
  ConfigError,
  DeviceRefused,
  DeviceSurprise,
  DeviceUnreachable,
  Refusal,
} from '../../../src/core/errors.ts';
import { retryAdvice } from '../../../src/core/retry.ts';

const facts = { device: 'fw', tried: 'show clock', found: 'no answer' };

test('what was not reached is tried again, ever later, up to once a minute', () => {
  const waits = [1, 2, 3, 6, 7, 8, 100, 2_000].map(attempt => {
    const advice = retryAdvice(new DeviceUnreachable(facts), attempt);
    return advice.retry ? advice.afterMs : undefined;
  });
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
});

test('nothing else is mended by trying again', () => {
  const errors = [
    new DeviceRefused({ ...facts, why: 'credentials' }),
    new DeviceSurprise(facts),
    new Refusal('freeze', 'frozen'),
    new Bug('oops'),
    new ConfigError([]),
    new TypeError('x'),
    'text',
    undefined,
  ];
  for (const error of errors) assert.deepEqual(retryAdvice(error, 1), { retry: false });
});
