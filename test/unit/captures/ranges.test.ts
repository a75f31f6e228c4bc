import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { divide } from '../../../src/captures/parallel/ranges.ts';

test('ranges cover what is left of a file, in order, without gap or overlap, none larger than it may be', () => {
  const numbers = fc.tuple(fc.nat(10_000), fc.nat(20_000), fc.integer({ min: 1, max: 16 }));
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 3000 }), fc.nat(5000), ([from, more, threads], most, headStart) => {
      const size = from + more + 1;
      const ranges = divide(from, size, threads, most, headStart).flat();
      assert.equal(ranges[0]?.from, from);
      assert.equal(ranges.at(-1)?.to, Infinity);
      ranges.forEach((range, index) => {
        assert.ok(range.from < range.to && range.from < size);
        if (index > 0) assert.equal(range.from, ranges[index - 1]?.to);
        const bytes = Math.min(range.to, size) - range.from;
        assert.ok(bytes <= most + (index === 0 ? headStart : 0), `${bytes} bytes`);
      });
    }),
  );
});

test('the first thread gets its head start', () => {
  assert.deepEqual(divide(100, 1100, 2, 1000, 200), [
    [
      { from: 100, to: 700 },
      { from: 700, to: Infinity },
    ],
  ]);
});
