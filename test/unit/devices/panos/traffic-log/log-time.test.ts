import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  compareTimes,
  type LogTime,
  queryText,
  readLogTime,
} from '../../../../../src/devices/panos/traffic-log/log-time.ts';

function time(receiveTime: string, highResolution?: string): LogTime {
  const found = readLogTime(receiveTime, highResolution);
  assert.ok(found, receiveTime);
  return found;
}

describe('the time of a log entry', () => {
  test('is what the clock showed, and its offset where the entry tells', () => {
    const found = time('2026/03/10 21:48:27', '2026-03-10T21:48:27.246-07:00');
    assert.equal(found.offset, -7 * 3_600);
    assert.equal(queryText(found, undefined), '2026/03/10 21:48:27');
    assert.equal(time('2026/03/10 21:48:27').offset, undefined);
    assert.equal(time('2026/03/10 21:48:27', '2026-03-10T21:48:27Z').offset, 0);
    assert.equal(time('2026/03/10 21:48:27', 'yesterday').offset, undefined);
  });

  for (const text of [
    undefined,
    '',
    'yesterday',
    '2026/02/30 10:00:00',
    '2026/13/01 10:00:00',
    '2026/01/01 24:00:00',
    "2026/01/01 10:00:00')",
    '2026-01-01 10:00:00',
  ]) {
    test(`is none in ${JSON.stringify(text)}`, () => {
      assert.equal(readLogTime(text, undefined), undefined);
    });
  }

  test('goes on over the hour that the clocks show twice, where the offset is known', () => {
    const summer = time('2026/11/01 01:30:00', '2026-11-01T01:30:00.000-07:00');
    const winter = time('2026/11/01 01:10:00', '2026-11-01T01:10:00.000-08:00');
    assert.equal(compareTimes(winter, summer), 40 * 60);
    assert.equal(queryText(summer, winter.offset), '2026/11/01 00:30:00');
    assert.ok(compareTimes(time('2026/11/01 01:10:00'), summer) < 0);
  });
});
