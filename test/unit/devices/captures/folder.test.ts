import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inLots } from '../../../../src/devices/captures/folder.ts';

function lots(...sizes: readonly number[]): number[][] {
  const captures = sizes.map((bytes, index) => ({ path: `${index}.pcap`, bytes, mark: '' }));
  return inLots(captures, 100).map(lot => lot.map(({ bytes }) => bytes));
}

test('captures are read in lots of so many bytes, in order, a larger one by itself', () => {
  assert.deepEqual(lots(), []);
  assert.deepEqual(lots(60, 40, 1, 99, 500, 0), [[60, 40], [1, 99], [500], [0]]);
});
