import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sample, type Metric } from '../../../src/core/sample.ts';
import { checkSeries } from '../../../src/observe/series.ts';
import { heat } from '../../support/observed.ts';

const top: Metric = { name: 'toy_bytes', help: 'Bytes.', kind: 'gauge', labels: ['address'], limit: 3 };

test('a good sample gets the label device', async () => {
  const { points, rejected } = await checkSeries('fw', [heat], [sample(heat, { part: 'cpu' }, 41.5)]);
  assert.deepEqual(points.get(heat), [{ suffix: '', labels: '{device="fw",part="cpu"}', value: 41.5 }]);
  assert.equal(rejected.size, 0);
});

test('samples that do not fit what was declared are left out and counted by reason, the rest stays', async () => {
  const { points, rejected } = await checkSeries(
    'fw',
    [heat],
    [
      sample(heat, { part: 'cpu' }, 1),
      sample({ ...heat, name: 'toy_unknown' }, { part: 'cpu' }, 1),
      sample(heat, {}, 1),
      sample(heat, { part: 'cpu', slot: '1' }, 1),
      sample(heat, { slot: '1' }, 1),
      sample(heat, { part: 7 as unknown as string }, 1),
      sample(heat, { part: 'x'.repeat(1_025) }, 1),
      sample(heat, { part: 'cpu' }, 2),
      sample(heat, { part: 'nan' }, NaN),
      sample(heat, { part: 'inf' }, Infinity),
    ],
  );
  assert.deepEqual(points.get(heat), [{ suffix: '', labels: '{device="fw",part="cpu"}', value: 1 }]);
  assert.deepEqual(Object.fromEntries(rejected), {
    'unknown-metric': 1,
    labels: 5,
    duplicate: 1,
    'not-finite': 2,
  });
});

test('two labels that differ only in what UTF-8 cannot hold are one series', async () => {
  const samples = [sample(heat, { part: '\ud800' }, 1), sample(heat, { part: '\ud801' }, 2)];
  const { rejected } = await checkSeries('fw', [heat], samples);
  assert.deepEqual(Object.fromEntries(rejected), { duplicate: 1 });
});

test('of an open-ended metric the largest values stay, and the rest is counted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.integer(), fc.bigInt({ min: 0n, max: 2n ** 70n }))), async values => {
      const samples = values.map((value, index) => sample(top, { address: `10.0.0.${index}` }, value));
      const { points, dropped } = await checkSeries('fw', [top], samples);
      const kept = (points.get(top) ?? []).map(point => point.value);
      const order = (a: number | bigint, b: number | bigint) => (a > b ? -1 : a < b ? 1 : 0);
      assert.deepEqual(kept.map(Number).sort(order), values.toSorted(order).slice(0, 3).map(Number));
      assert.equal(dropped.get('toy_bytes') ?? 0, Math.max(0, values.length - 3));
    }),
  );
});

test('with equal values the same series stay, in whatever order they come', async () => {
  const samples = ['d', 'b', 'a', 'c'].map(address => sample(top, { address }, 1));
  const first = await checkSeries('fw', [top], samples);
  const second = await checkSeries('fw', [top], samples.toReversed());
  assert.deepEqual(first.points.get(top), second.points.get(top));
});
