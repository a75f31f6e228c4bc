import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quota } from '../../../../src/devices/panos/collectors/quota.ts';
import { quotaYard } from '../../../support/quota-yard.ts';

const SCRAPE_INTERVAL_MS = 15_000;
const VENDOR_LIMIT = 5;

test('10,000 addresses in one bucket are read within a scrape interval', async () => {
  await using it = await quotaYard({ quota: { top: 20_000 } });
  it.simulator.trouble({ kind: 'usage', address: '10.64.0.0', addresses: 10_000, bytes: 21_000_000 });
  const began = performance.now();
  const samples = await quota.collect(it.session, new AbortController().signal);
  const took = performance.now() - began;
  const addresses = samples.filter(({ metric }) => metric.name === 'panos_quota_address_bytes');
  assert.ok(addresses.length >= 10_000);
  assert.ok(took < SCRAPE_INTERVAL_MS, `${took} ms`);
});

test('500 members of a group are blocked and released in one chunk a member, with few calls under way', async () => {
  await using it = await quotaYard({ highAvailability: 'active-passive' });
  const members = Array.from({ length: 500 }, (_, index) => `corp\\u${String(index).padStart(3, '0')}`);
  it.simulator.trouble({ kind: 'group', name: 'corp\\crowd', members });
  it.use('10.1.50.1', 'corp\\u001');
  const held = await it.send({ kind: 'group', value: 'corp\\crowd' });
  assert.equal(held.verdict?.effect, 'effective', held.detail);
  assert.equal(it.tagged(0, 'user').length, 500);
  await it.remediator.release(held.id, 'ada');
  await it.settle();
  assert.equal((await it.newest()).state, 'released');
  assert.equal(it.tagged(0, 'user').length + it.tagged(1, 'user').length, 0);
  assert.equal(it.simulator.changes().length, 4, 'one to set and one to take back, on each member');
  assert.ok(it.simulator.log().every(({ inFlight }) => inFlight <= VENDOR_LIMIT));
});

test('500 addresses over their limit at once are all blocked and all released, with few calls under way', async () => {
  await using it = await quotaYard();
  it.simulator.trouble({ kind: 'usage', address: '10.65.0.0', addresses: 500, bytes: 21_000_000 });
  const targets = Array.from({ length: 500 }, (_, index) => ({
    kind: 'address' as const,
    value: `10.65.${Math.floor(index / 256)}.${index % 256}`,
  }));
  await it.send(...targets);
  assert.equal(it.tagged().length, 500);
  await it.clock.advance(896_000);
  await it.pass(20_000);
  assert.equal(it.tagged().length, 0);
  const states = (await it.store.cases({ limit: 1_000 })).map(({ state }) => state);
  assert.deepEqual([...new Set(states)], ['released']);
  assert.ok(it.simulator.log().every(({ inFlight }) => inFlight <= VENDOR_LIMIT));
});
