import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PartialResult } from '../../../../src/core/errors.ts';
import type { Sample } from '../../../../src/core/sample.ts';
import { quota } from '../../../../src/devices/panos/collectors/quota.ts';
import { REPORT_ENVELOPES } from '../../../../src/simulators/panos/state/behaviour.ts';
import { type QuotaYard, type QuotaYardOptions, quotaYard } from '../../../support/quota-yard.ts';

async function collect(it: QuotaYard): Promise<ReadonlyMap<string, Sample['value']>> {
  const samples = await quota.collect(it.session, new AbortController().signal);
  return new Map(
    samples.map(({ metric, labels, value }) => [[metric.name, ...Object.values(labels)].join(' '), value]),
  );
}

describe('the collector quota', () => {
  const ways: readonly (readonly [string, QuotaYardOptions])[] = [
    ...REPORT_ENVELOPES.map(
      reportEnvelope => [`rows under ${reportEnvelope}`, { behaviour: { reportEnvelope } }] as const,
    ),
    ['a report without a job', { behaviour: { reportSubmit: 'direct' } }],
    ['the saved report', { quota: { report: 'saved' } }],
    ['a job that takes a while', { behaviour: { queryJobMs: 3_000 } }],
    ['the active member of a pair', { highAvailability: 'active-passive' }],
  ];
  for (const [name, options] of ways) {
    test(`sums up addresses, users and groups: ${name}`, async () => {
      await using it = await quotaYard(options);
      for (const bucket of ['settled', 'closed']) {
        it.simulator.trouble({
          kind: 'usage',
          address: '10.7.0.1',
          user: 'corp\\carol',
          bytes: '9007199254740993',
          bucket,
        });
        it.simulator.trouble({
          kind: 'usage',
          address: '10.7.0.2',
          user: 'corp\\carol',
          bytes: '9007199254740992',
          bucket,
        });
        it.simulator.trouble({ kind: 'usage', address: '10.7.0.1', user: 'corp\\erin', bytes: 5, bucket });
      }
      const found = await collect(it);
      // Noon exactly: nothing of the last quarter is complete yet for the dynamic report, and the two are the same here.
      const doubled = found.get('panos_quota_address_bytes 10.7.0.2') === 2n * 9007199254740992n ? 2n : 1n;
      assert.equal(found.get('panos_quota_address_bytes 10.7.0.1'), doubled * 9007199254740998n);
      assert.equal(found.get('panos_quota_user_bytes corp\\erin'), doubled * 5n);
      const carol = found.get('panos_quota_user_bytes corp\\carol');
      assert.ok(typeof carol === 'bigint' && carol >= doubled * 18014398509481985n);
      assert.ok((found.get('panos_quota_group_bytes corp\\interns') ?? 0) >= carol);
      assert.equal(found.get('panos_quota_limit_bytes address'), 20_000_000);
      assert.equal(found.get('panos_quota_report_truncated'), 0);
      assert.equal(found.get('panos_registered_addresses quota'), 0);
      assert.ok(![...found.keys()].some(key => key.endsWith('unknown') || key === 'panos_quota_user_bytes '));
    });
  }

  test('a firewall far from here: the window is that of its own clock, told in our time', async () => {
    await using it = await quotaYard();
    const end = Number((await collect(it)).get('panos_quota_window_end_timestamp_seconds'));
    assert.equal(end % 900, 0);
    const age = it.clock.now() / 1_000 - end;
    assert.ok(age >= 120 && age < 1_020, `${age} s ago`);
  });

  test('a report that is cut is told as cut', async () => {
    await using it = await quotaYard({ quota: { top: 100 } });
    it.simulator.trouble({ kind: 'usage', address: '10.8.0.1', addresses: 300, bytes: 3_000_000 });
    const found = await collect(it);
    assert.equal(found.get('panos_quota_report_truncated'), 1);
    assert.equal([...found.keys()].filter(key => key.startsWith('panos_quota_address_bytes')).length, 100);
  });

  test('no rows: limits and tags, and no bytes, no window', async () => {
    await using it = await quotaYard();
    const body =
      '<response status="success"><result><job><id>9</id><status>FIN</status></job><report/></result></response>';
    it.simulator.fault({ kind: 'reply', status: 200, body, command: 'report dynamic' });
    assert.deepEqual(
      [...(await collect(it)).keys()],
      [
        'panos_quota_limit_bytes address',
        'panos_quota_limit_bytes user',
        'panos_quota_limit_bytes group',
        'panos_registered_addresses quota',
      ],
    );
  });

  test('a group that is not there gives no sample', async () => {
    await using it = await quotaYard({ quota: { groups: ['nobody', 'corp\\interns'] } });
    assert.deepEqual(
      [...(await collect(it)).keys()].filter(key => key.startsWith('panos_quota_group_bytes')),
      ['panos_quota_group_bytes corp\\interns'],
    );
  });

  test('a group whose answer is not well-formed fails, and hides nothing else', async () => {
    await using it = await quotaYard({
      behaviour: { missingGroup: 'not-well-formed' },
      quota: { groups: ['nobody', 'corp\\interns'] },
    });
    const failure = await collect(it).catch((error: unknown) => error);
    assert.ok(failure instanceof PartialResult);
    assert.equal(failure.samples.filter(({ metric }) => metric.name === 'panos_quota_group_bytes').length, 1);
  });

  const broken: Readonly<Record<string, readonly [string, RegExp]>> = {
    'a column is missing': ['<report><entry><srcuser/><bytes>5</bytes></entry></report>', /without <src> or <bytes>/],
    'a sum is no number': ['<report><entry><src>10.0.0.1</src><bytes>5 MB</bytes></entry></report>', /not a number/],
    'the job failed': ['<job><id>1</id><status>FAIL</status></job>', /the report job is FAIL/],
    'something else came': ['<license/>', /neither a report nor a job/],
  };
  for (const [name, [inside, message]] of Object.entries(broken)) {
    test(`fails, and gives nothing, when ${name}`, async () => {
      await using it = await quotaYard();
      const body = `<response status="success"><result>${inside}</result></response>`;
      it.simulator.fault({ kind: 'reply', status: 200, body, command: 'report dynamic' });
      await assert.rejects(collect(it), message);
    });
  }

  test('without quota in the configuration nothing is asked', async () => {
    await using it = await quotaYard();
    assert.deepEqual(await quota.collect({ ...it.session, quota: undefined }, new AbortController().signal), []);
    assert.deepEqual(it.simulator.log(), []);
  });
});
