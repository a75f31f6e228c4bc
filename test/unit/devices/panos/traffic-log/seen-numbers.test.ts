import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SeenNumbers, storedNumbers } from '../../../../../src/devices/panos/traffic-log/seen-numbers.ts';

const at = (local: number) => ({ local, offset: undefined });
const BASE = 7_607_872_259_432_940_000n;

describe('the numbers of entries that were counted', () => {
  test('hold a million consecutive numbers as one run', () => {
    const seen = new SeenNumbers();
    for (let index = 0n; index < 1_000_000n; index += 1n) assert.ok(seen.add('a', BASE + index, at(Number(index))));
    assert.equal(seen.size, 1);
    assert.ok(!seen.add('a', BASE + 12_345n, at(0)));
    assert.ok(seen.add('b', BASE, at(0)), 'another firewall counts for itself');
  });

  test('keep numbers apart that are one in a double', () => {
    const seen = new SeenNumbers();
    assert.equal(Number(BASE + 1n), Number(BASE + 2n));
    assert.ok(seen.add('a', BASE + 1n, at(0)));
    assert.ok(!seen.has('a', BASE + 2n));
  });

  test('answer as a plain set does, in whatever order numbers come, and over a restart', () => {
    const number = fc.bigInt({ min: 0n, max: 60n });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), number), { maxLength: 200 }), steps => {
        let seen = new SeenNumbers();
        const model = new Set<string>();
        for (const [index, [serial, offset]] of steps.entries()) {
          const key = `${serial} ${offset}`;
          assert.equal(seen.has(serial, BASE + offset), model.has(key));
          assert.equal(seen.add(serial, BASE + offset, at(index)), !model.has(key));
          model.add(key);
          if (index % 7 === 0) {
            const stored = storedNumbers.parse(JSON.parse(JSON.stringify(seen.toStored())));
            seen = SeenNumbers.from(stored);
          }
        }
        assert.ok(seen.size <= model.size);
      }),
    );
  });

  test('forget a run only when all of it is older', () => {
    const seen = new SeenNumbers();
    seen.add('a', 1n, at(10));
    seen.add('a', 2n, at(30));
    seen.add('a', 9n, at(20));
    seen.forgetBefore(at(25));
    assert.deepEqual([seen.has('a', 1n), seen.has('a', 2n), seen.has('a', 9n)], [true, true, false]);
  });
});
