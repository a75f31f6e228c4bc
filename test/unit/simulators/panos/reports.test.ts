import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { panosBench } from '../../../support/panos-bench.ts';
import { texts } from '../../../support/panos-client.ts';
import { dynamicReport, reportRows, runReport, usageReport } from '../../../support/panos-reports.ts';

// The bench's clock begins at 12:00:00 UTC, which is 04:00:00 for the firewall.
const LAST_CLOSED = usageReport('2026/01/05 03:45:00', '2026/01/05 03:59:59');
const SAVED = { type: 'report', async: 'yes', reporttype: 'custom', reportname: 'Quota' };
const MINUTE = 60_000;

describe('reports of the simulated firewall', () => {
  it('run as a job that is polled from its percent to its rows, and that no job table shows', async test => {
    const { simulator, client, clock } = await panosBench(test, { behaviour: { queryJobMs: 1_000 } });
    simulator.trouble({ kind: 'usage', address: '10.1.20.50', user: 'corp\\eve', bytes: 25_000_000, bucket: 'closed' });
    const { body } = await client.call(dynamicReport(LAST_CLOSED));
    assert.equal(
      body,
      '<response status="success" code="19"><result><msg><line>Report job enqueued with jobid 278</line></msg><job>278</job></result></response>',
    );
    const poll = async () => (await client.call({ type: 'report', action: 'get', 'job-id': '278' })).body;
    await clock.advance(500);
    assert.match(await poll(), /<status>ACT<\/status><id>278<\/id><percent>50<\/percent><\/job><\/result>/);
    assert.match((await client.op('<show><jobs><id>278</id></jobs></show>')).body, /code="7".*job 278 not found/);
    await clock.advance(500);
    const done = await poll();
    assert.match(done, /<status>FIN<\/status><id>278<\/id><percent>100<\/percent>/);
    assert.deepEqual(reportRows(done)[0], { src: '10.1.20.50', srcuser: 'corp\\eve', bytes: '25000000' });
    assert.deepEqual(texts(done, 'resolved-src')[0], '10.1.20.50');
    await clock.advance(20 * MINUTE);
    assert.match(await poll(), /job 278 not found/);
    assert.equal(simulator.changes().length, 0);
    assert.deepEqual(
      [...new Set(simulator.log().map(({ command }) => command))],
      ['report dynamic custom-dynamic-report', 'report get 278', 'show jobs id 278'],
    );
  });

  for (const [envelope, start] of [
    ['response/result/report', '<response status="success"><result><job><tenq>'],
    ['response/result/report/result', '<response status="success"><result><job><tenq>'],
    ['response/report/result', '<response status="success"><report reportname="Quota" logtype="trsum"><result '],
    ['response/report', '<response status="success"><report reportname="Quota" logtype="trsum"><entry>'],
    ['report/result', '<report reportname="Quota" logtype="trsum"><result '],
  ] as const) {
    it(`can be answered as ${envelope}, as a job or at once`, async test => {
      const { simulator, client, clock } = await panosBench(test, { behaviour: { reportEnvelope: envelope } });
      simulator.trouble({ kind: 'usage', address: '10.1.20.50', bytes: '9007199254740993', bucket: 'closed' });
      const done = await runReport(client, clock, SAVED);
      assert.ok(done.startsWith(start), done.slice(0, 120));
      assert.deepEqual(reportRows(done)[0], { src: '10.1.20.50', srcuser: '', bytes: '9007199254740993' });
      simulator.trouble({ kind: 'behaviour', reportSubmit: 'direct' });
      const { body } = await client.call(SAVED);
      assert.deepEqual(reportRows(body), reportRows(done));
      assert.doesNotMatch(body, /<job>/);
    });
  }

  it('count whole quarter hours that the window touches, and none that is still open', async test => {
    const { simulator, client, clock } = await panosBench(test);
    await clock.advance(5 * MINUTE);
    for (const bucket of ['closed', 'open'])
      simulator.trouble({ kind: 'usage', address: '10.9.0.1', bytes: 1_000, bucket });
    const bytes = async (start: string, end: string) => {
      const body = await runReport(
        client,
        clock,
        dynamicReport(usageReport(`2026/01/05 ${start}`, `2026/01/05 ${end}`)),
      );
      return reportRows(body).find(({ src }) => src === '10.9.0.1')?.bytes;
    };
    assert.equal(await bytes('03:45:00', '03:59:59'), '1000');
    assert.equal(await bytes('03:50:00', '03:51:00'), '1000');
    assert.equal(await bytes('03:30:00', '03:45:00'), '1000');
    assert.equal(await bytes('03:30:00', '03:44:59'), undefined);
    assert.equal(await bytes('03:45:00', '04:14:59'), '1000');
    await clock.advance(10 * MINUTE);
    assert.equal(await bytes('03:45:00', '04:14:59'), '2000');
    assert.equal(await bytes('04:00:00', '04:14:59'), '1000');
  });

  it('give the same numbers for a closed bucket whenever asked, and four of them sum to the hour', async test => {
    const { client, clock } = await panosBench(test);
    const sum = async (start: string, end: string) => {
      const body = await runReport(
        client,
        clock,
        dynamicReport(usageReport(`2026/01/05 ${start}`, `2026/01/05 ${end}`)),
      );
      return reportRows(body).reduce((total, { bytes }) => total + BigInt(bytes), 0n);
    };
    const quarters = [
      await sum('03:00:00', '03:14:59'),
      await sum('03:15:00', '03:29:59'),
      await sum('03:30:00', '03:44:59'),
      await sum('03:45:00', '03:59:59'),
    ];
    assert.equal(
      await sum('03:00:00', '03:59:59'),
      quarters.reduce((total, value) => total + value, 0n),
    );
    assert.ok(quarters.every(bytes => bytes > 0n));
    await clock.advance(60 * MINUTE);
    assert.equal(await sum('03:00:00', '03:14:59'), quarters[0]);
  });

  it('fill the bucket that was ordered, and those that follow', async test => {
    const { simulator, clock } = await panosBench(test);
    const bucketsOf = (order: object) => simulator.trouble({ kind: 'usage', address: '10.9.0.1', bytes: 1, ...order });
    const noon = Date.UTC(2026, 0, 5, 12);
    assert.deepEqual(bucketsOf({}), { buckets: [noon - 15 * MINUTE] });
    assert.deepEqual(bucketsOf({ bucket: 'closed', buckets: 2 }), { buckets: [noon, noon + 15 * MINUTE] });
    assert.deepEqual(bucketsOf({ bucket: noon - 1 }), { buckets: [noon] });
    await clock.advance(2 * MINUTE);
    assert.deepEqual(bucketsOf({}), { buckets: [noon] });
    assert.deepEqual(bucketsOf({ bucket: 'open' }), { buckets: [noon + 15 * MINUTE] });
  });

  it('cut the smallest rows at the limit', async test => {
    const { simulator, client, clock } = await panosBench(test, { behaviour: { savedReportRows: 2 } });
    for (const [address, bytes] of [
      ['10.9.0.2', 7_000_000],
      ['10.9.0.3', 6_000_000],
      ['10.9.0.2', 7_000_000],
      ['10.9.0.1', 5_000_000],
    ] as const)
      simulator.trouble({ kind: 'usage', address, bytes, bucket: 'closed' });
    const cut = reportRows(await runReport(client, clock, SAVED));
    assert.deepEqual(
      cut.map(({ src, bytes }) => `${src} ${bytes}`),
      ['10.9.0.2 14000000', '10.9.0.3 6000000'],
    );
  });

  it('keep the users of one address, and the addresses of one user, apart', async test => {
    const { client, clock } = await panosBench(test);
    const rows = reportRows(await runReport(client, clock, SAVED)).map(({ src, srcuser }) => `${src} ${srcuser}`);
    assert.deepEqual(rows.toSorted(), [
      '10.1.20.11 corp\\alice',
      '10.1.20.12 corp\\bob',
      '10.1.20.13 corp\\carol',
      '10.1.20.14 ',
      '10.1.20.22 corp\\bob',
      '10.1.30.5 corp\\carol',
      '10.1.30.5 corp\\dave',
    ]);
  });

  it('have no rows on a passive member, and of what the old active one saw none after a failover', async test => {
    const { simulator, client, clock } = await panosBench(test, { highAvailability: 'active-passive' });
    simulator.trouble({ kind: 'usage', address: '10.9.0.1', bytes: 1_000, bucket: 'closed' });
    const empty = await runReport(client, clock, SAVED, 1);
    assert.match(empty, /<report reportname="Quota" logtype="trsum"><\/report>/);
    simulator.failover();
    const sources = async (member: number) =>
      reportRows(await runReport(client, clock, SAVED, member)).map(({ src }) => src);
    assert.ok(!(await sources(1)).includes('10.9.0.1'));
    assert.deepEqual(await sources(0), ['10.9.0.1']);
  });

  it('succeed without rows for a window on the URL and for a value that the database lacks', async test => {
    const { client, clock } = await panosBench(test);
    const withoutWindow = LAST_CLOSED.replace(/<start-time>.*<\/end-time>/, '');
    const onUrl = {
      ...dynamicReport(withoutWindow),
      'start-time': '2026/01/05 03:45:00',
      'end-time': '2026/01/05 03:59:59',
    };
    assert.deepEqual(reportRows(await runReport(client, clock, onUrl)), []);
    const packets = dynamicReport(LAST_CLOSED.replace('<member>bytes', '<member>packets'));
    assert.deepEqual(reportRows(await runReport(client, clock, packets)), []);
    const lastQuarter = dynamicReport(`${withoutWindow}<period>last-15-minutes</period>`);
    assert.equal(reportRows(await runReport(client, clock, lastQuarter)).length, 7);
  });

  it('lack rows of a bucket that has just closed, where that was ordered', async test => {
    const { simulator, client, clock } = await panosBench(test, { behaviour: { bucketSettlesMs: 120_000 } });
    simulator.trouble({ kind: 'usage', address: '10.9.0.1', bytes: 1_000, bucket: 'closed' });
    const sources = async () => reportRows(await runReport(client, clock, SAVED)).map(({ src }) => src);
    assert.equal((await sources()).length, 4);
    await clock.advance(2 * MINUTE);
    assert.ok((await sources()).includes('10.9.0.1'));
  });

  it('come neither summed nor sorted without a column to sort by', async test => {
    const { simulator, client, clock } = await panosBench(test);
    for (const bytes of [1, 9]) simulator.trouble({ kind: 'usage', address: '10.9.0.1', bytes, bucket: 'closed' });
    const rows = reportRows(
      await runReport(client, clock, dynamicReport(LAST_CLOSED.replace(/<sortby>.*<\/sortby>/, ''))),
    );
    assert.deepEqual(
      rows.filter(({ src }) => src === '10.9.0.1').map(({ bytes }) => bytes),
      ['1', '9'],
    );
  });

  it('refuse what they do not know', async test => {
    const { client } = await panosBench(test);
    const answer = async (call: Readonly<Record<string, string>>) => (await client.call(call)).body;
    assert.match(await answer({ ...SAVED, reportname: 'Other' }), /code="7"/);
    assert.match(await answer({ ...SAVED, reporttype: 'nonsense' }), /code = '400'/);
    assert.match(await answer(dynamicReport(LAST_CLOSED.replace('trsum', 'nosuch'))), /code="17"/);
    assert.match(await answer(dynamicReport(LAST_CLOSED.replace('srcuser', 'colour'))), /code="17"/);
    assert.match(await answer(dynamicReport(`${LAST_CLOSED}<period>custom</period>`)), /code="17"/);
    assert.match(await answer(dynamicReport(LAST_CLOSED.replace('2026/01/05 03:45:00', 'yesterday'))), /code="17"/);
    assert.match(await answer({ type: 'report', action: 'get', 'job-id': '4' }), /job 4 not found/);
  });

  it('hold 10,000 addresses in one bucket', async test => {
    const { simulator, client, clock } = await panosBench(test, { behaviour: { savedReportRows: 20_000 } });
    simulator.trouble({ kind: 'usage', address: '10.64.0.0', addresses: 10_000, bytes: 3_000_000, bucket: 'closed' });
    const started = performance.now();
    const rows = reportRows(await runReport(client, clock, SAVED));
    const took = performance.now() - started;
    assert.equal(rows.length, 10_007);
    assert.equal(new Set(rows.map(({ src, srcuser }) => `${src} ${srcuser}`)).size, 10_007);
    assert.ok(took < 2_000, `${took} ms`);
  });
});
