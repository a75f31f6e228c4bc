import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { valueText, writeExposition } from '../../../src/observe/exposition.ts';
import { FamilyList, labelText, type Family } from '../../../src/observe/family.ts';
import { text } from '../../support/observed.ts';

const help = 'With "quotes", a \\ and a\nnew line.';
const counter: Family = {
  name: 'toy_calls_total',
  help,
  kind: 'counter',
  batches: [[{ suffix: '', labels: labelText([['device', 'a']]), value: 2n ** 63n + 1n }]],
};
const histogram: Family = {
  name: 'toy_wait_seconds',
  help: 'Wait.',
  kind: 'histogram',
  batches: [
    [
      { suffix: '_bucket', labels: '{le="+Inf"}', value: 1 },
      { suffix: '_sum', labels: '', value: 0.25 },
      { suffix: '_count', labels: '', value: 1 },
    ],
  ],
};

test('the text format keeps counter names and big integers as they are', async () => {
  assert.equal(
    await text([counter, histogram]),
    '# HELP toy_calls_total With "quotes", a \\\\ and a\\nnew line.\n' +
      '# TYPE toy_calls_total counter\n' +
      'toy_calls_total{device="a"} 9223372036854775809\n' +
      '# HELP toy_wait_seconds Wait.\n' +
      '# TYPE toy_wait_seconds histogram\n' +
      'toy_wait_seconds_bucket{le="+Inf"} 1\ntoy_wait_seconds_sum 0.25\ntoy_wait_seconds_count 1\n',
  );
});

test('OpenMetrics names the family without _total, escapes quotes in HELP and ends in EOF', async () => {
  assert.equal(
    await text([counter], 'openmetrics'),
    '# HELP toy_calls With \\"quotes\\", a \\\\ and a\\nnew line.\n' +
      '# TYPE toy_calls counter\n' +
      'toy_calls_total{device="a"} 9223372036854775809\n' +
      '# EOF\n',
  );
});

test('an empty page is empty text, and only EOF in OpenMetrics', async () => {
  assert.equal(await text([]), '');
  assert.equal(await text([], 'openmetrics'), '# EOF\n');
});

test('values are written as Prometheus reads them', () => {
  assert.deepEqual([0, -0, 1.5, 1e21, 5e-324, NaN, Infinity, -Infinity, 12345678901234567890n].map(valueText), [
    '0',
    '0',
    '1.5',
    '1e+21',
    '5e-324',
    'NaN',
    '+Inf',
    '-Inf',
    '12345678901234567890',
  ]);
});

test('any label value is one escaped line and comes back whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), value => {
      const written = labelText([['name', value]]);
      assert.ok(!written.includes('\n'));
      assert.ok(written.isWellFormed());
      const inner = written.slice('{name="'.length, -'"}'.length);
      const read = inner.replaceAll(/\\([\\"n])/g, (_all, mark: string) => (mark === 'n' ? '\n' : mark));
      assert.equal(read, value.toWellFormed());
      assert.doesNotMatch(inner, /(^|[^\\])(\\\\)*"/);
    }),
  );
});

test('one HELP and one TYPE stand before all series of a name, whoever gave them', () => {
  const families = new FamilyList();
  const heat = { name: 'heat', help: 'Heat.', kind: 'gauge' } as const;
  families.add(heat, [{ suffix: '', labels: '{device="a"}', value: 1 }]);
  families.add({ ...heat, name: 'cold' }, [{ suffix: '', labels: '', value: 1 }]);
  families.add(heat, [{ suffix: '', labels: '{device="b"}', value: 2 }]);
  families.add({ ...heat, name: 'none' }, []);
  assert.deepEqual(
    families.list().map(family => [family.name, family.batches.flat().length]),
    [
      ['heat', 2],
      ['cold', 1],
    ],
  );
});

test('100,000 series are written in small chunks, with a turn of the event loop after each', async () => {
  const points = Array.from({ length: 100_000 }, (_, index) => ({
    suffix: '',
    labels: labelText([
      ['device', 'fw-edge'],
      ['address', `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`],
    ]),
    value: index,
  }));
  let turns = 0;
  let writing = true;
  const watcher = (async () => {
    while (writing) {
      await turn();
      turns += 1;
    }
  })();
  const chunks: string[] = [];
  for await (const chunk of writeExposition([{ name: 'x', help: 'X.', kind: 'gauge', batches: [points] }], 'text')) {
    chunks.push(chunk);
  }
  writing = false;
  await watcher;
  // Counted in turns, not in time: how long a turn takes is the machine's affair.
  assert.ok(chunks.length > 50);
  assert.ok(turns >= chunks.length - 1, `${turns} turns of the loop for ${chunks.length} chunks`);
  assert.ok(chunks.every(chunk => chunk.length < 66_000));
});
