import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BUCKET_MS, closedBucket, settledBucket } from '../../../../src/devices/panos/quota/bucket.ts';
import { sumOf, sumUp } from '../../../../src/devices/panos/quota/usage.ts';
import { readClock } from '../../../../src/devices/panos/replies/clock.ts';
import { replyOf } from '../../../support/panos-driver.ts';

const bucket = { first: '', last: '', endsAt: 0 };
const row = fc.record({
  source: fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::1', '2001:DB8:0::1', 'not-an-address'),
  user: fc.constantFrom('', 'unknown', 'corp\\bob', 'CORP\\Bob', 'corp\\eve'),
  bytes: fc.bigInt({ min: 0n, max: 2n ** 70n }),
});

describe('sums of usage', () => {
  test('every byte of every row is counted once for its address and once for its user, in any order', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), rows => {
        const usage = sumUp(bucket, rows, 1_000);
        const total = (values: Iterable<bigint>) => [...values].reduce((sum, bytes) => sum + bytes, 0n);
        const listed = rows.filter(({ source }) => source !== 'not-an-address');
        const known = rows.filter(({ user }) => user !== '' && user !== 'unknown');
        assert.equal(total(usage.addresses.values()), total(listed.map(({ bytes }) => bytes)));
        assert.equal(total(usage.users.values()), total(known.map(({ bytes }) => bytes)));
        assert.deepEqual(
          sumUp(bucket, [...rows].reverse(), 1_000).users.get('corp\\bob'),
          usage.users.get('corp\\bob'),
        );
        assert.equal(sumOf(usage, ['CORP\\EVE', 'corp\\eve']), usage.users.get('corp\\eve') ?? 0n);
      }),
    );
  });

  test('two addresses with equal bytes are both kept, and one address with two users is split', () => {
    const usage = sumUp(
      bucket,
      [
        { source: '10.0.0.1', user: 'a', bytes: 5n },
        { source: '10.0.0.2', user: 'a', bytes: 5n },
        { source: '10.0.0.2', user: 'b', bytes: 7n },
      ],
      100,
    );
    assert.deepEqual([...usage.addresses.values()], [5n, 12n]);
    assert.deepEqual(
      [...usage.users],
      [
        ['a', 10n],
        ['b', 7n],
      ],
    );
    assert.deepEqual([...(usage.usersBehind.get('10.0.0.2') ?? [])], ['a', 'b']);
  });

  test('a report that is as long as asked for, or of a round length, may have been cut', () => {
    const rows = (count: number) => Array.from({ length: count }, () => ({ source: '10.0.0.1', user: '', bytes: 1n }));
    const cut = (count: number, top: number) => sumUp(bucket, rows(count), top).truncated;
    assert.deepEqual(
      [cut(99, 100), cut(100, 100), cut(500, 10_000), cut(501, 10_000), cut(0, 100)],
      [false, true, true, false, false],
    );
  });
});

describe('the bucket', () => {
  test('ends on a quarter of an hour of the device, is over for two minutes, and is the last one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }),
        fc.integer({ min: -48, max: 56 }),
        fc.integer({ min: -400_000, max: 400_000 }),
        (now, quarters, skew) => {
          const local = now + quarters * BUCKET_MS + skew;
          const { first, last, endsAt } = settledBucket(local, now);
          const end = endsAt + quarters * BUCKET_MS;
          assert.equal(end % BUCKET_MS, 0);
          assert.ok(local - end >= 120_000 && local - end < 120_000 + BUCKET_MS);
          assert.equal(Date.parse(`${last.replaceAll('/', '-')}Z`), end - 1_000);
          assert.equal(Date.parse(`${first.replaceAll('/', '-')}Z`), end - BUCKET_MS);
          assert.ok(closedBucket(local, now).endsAt >= endsAt);
        },
      ),
    );
  });

  const clock = (text: string) => readClock(replyOf(`<result>${text}\n</result>`));
  test('the clock is read whatever the zone is called', () => {
    assert.equal(clock('Tue Mar 10 15:08:54 PDT 2026'), Date.UTC(2026, 2, 10, 15, 8, 54));
    assert.equal(clock('Thu Jan  1 00:00:00 +0530 2026'), Date.UTC(2026, 0, 1));
    for (const text of ['', 'soon', 'Tue Mrz 10 15:08:54 CET 2026', 'Tue Mar 10 15:08 2026']) {
      assert.throws(() => clock(text), /is not a time/);
    }
  });
});
