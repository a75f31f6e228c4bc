import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { panosBench } from '../../../support/panos-bench.ts';
import { texts } from '../../../support/panos-client.ts';
import { logCall, runLogQuery, seqnos } from '../../../support/panos-logs.ts';
import { dynamicReport, reportRows, runReport, usageReport } from '../../../support/panos-reports.ts';

const ALL = { nlogs: 5_000, dir: 'forward' } as const;

describe('the traffic log of the simulated firewall', () => {
  it('is asked by a job that waits, runs, ends, and is forgotten', async test => {
    const { simulator, client, clock } = await panosBench(test, {
      behaviour: { queryQueueMs: 1_000, queryJobMs: 1_000, queryKeptMs: 60_000 },
    });
    simulator.trouble({ kind: 'traffic', sessions: 3 });
    const { body } = await client.call(logCall(''));
    assert.equal(
      body,
      '<response status="success" code="19"><result><msg><line>query job enqueued with jobid 278</line></msg><job>278</job></result></response>',
    );
    const poll = async () => (await client.call({ type: 'log', action: 'get', 'job-id': '278' })).body;
    assert.match(await poll(), /<tdeq><\/tdeq>.*<status>PEN<\/status><id>278<\/id><\/job><\/result>/);
    await clock.advance(1_500);
    assert.match(await poll(), /<status>ACT<\/status>.*<log><logs count="0" progress="50"><\/logs><\/log>/);
    await clock.advance(500);
    assert.match(await poll(), /<status>FIN<\/status>.*<log><logs count="3" progress="100"><entry logid="/);
    await clock.advance(60_000);
    assert.match(await poll(), /code="7".*job 278 not found/);
    assert.equal(simulator.changes().length, 0);
    assert.deepEqual(
      simulator
        .log()
        .map(({ command }) => command)
        .slice(0, 2),
      ['log traffic', 'log get 278'],
    );
  });

  it('numbers its entries above 2^53 without a gap, newest first or oldest first, by page', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.trouble({ kind: 'traffic', sessions: 50 });
    const newest = seqnos(await runLogQuery(client, clock, ''));
    assert.equal(newest.length, 20);
    assert.ok(newest.every((seqno, index) => seqno > 2n ** 53n && seqno === (newest[0] ?? 0n) - BigInt(index)));
    const oldest = seqnos(await runLogQuery(client, clock, '', { nlogs: 50, dir: 'forward' }));
    assert.equal(oldest.at(-1), newest[0]);
    const page = seqnos(await runLogQuery(client, clock, '', { nlogs: 20, skip: 40, dir: 'forward' }));
    assert.deepEqual(page, oldest.slice(40));
    const body = await runLogQuery(client, clock, '', { nlogs: 1 });
    assert.ok(BigInt(/logid="(\d+)"/.exec(body)?.[1] ?? 0) > 2n ** 53n);
  });

  it('shows times of the firewall without an offset, and one with it', async test => {
    const { simulator, client, clock } = await panosBench(test);
    await clock.advance(246);
    simulator.trouble({ kind: 'traffic' });
    const body = await runLogQuery(client, clock, '');
    assert.deepEqual(texts(body, 'receive_time'), ['2026/01/05 04:00:00']);
    assert.deepEqual(texts(body, 'start'), ['2026/01/05 03:59:30']);
    assert.deepEqual(texts(body, 'high_res_timestamp'), ['2026-01-05T04:00:00.246-08:00']);
  });

  it('finds by what a query names, and by all of its words together', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.trouble({ kind: 'traffic', sessions: 4, application: 'incomplete', sessionEndReason: 'aged-out' });
    simulator.trouble({
      kind: 'traffic',
      sessions: 2,
      action: 'deny',
      sessionEndReason: 'policy-deny',
      source: '10.9.1.1',
      rule: 'interzone-default',
    });
    simulator.trouble({
      kind: 'traffic',
      sessions: 1,
      destinationPort: 5_060,
      protocol: 'udp',
      destination: '198.51.100.9',
    });
    const hits = async (query: string) => texts(await runLogQuery(client, clock, query), 'seqno').length;
    assert.equal(await hits(''), 7);
    assert.equal(await hits('(action eq deny)'), 2);
    assert.equal(await hits('(action neq deny)'), 5);
    assert.equal(await hits('(session_end_reason eq aged-out) and (app eq incomplete)'), 4);
    assert.equal(await hits('(session_end_reason eq aged-out) or (rule eq interzone-default)'), 6);
    assert.equal(await hits("( app eq 'ssl' ) and !( action eq allow )"), 2);
    assert.equal(await hits('(addr.src in 10.9.0.0/16)'), 2);
    assert.equal(await hits('(addr.src notin 10.9.0.0/16) and (addr.dst eq 198.51.100.9)'), 1);
    assert.equal(await hits('(port.dst eq 5060) and (dport leq 5060) and (proto eq udp)'), 1);
    assert.equal(await hits('(from eq trust) and (to eq untrust) and (sessionid eq 0)'), 2);
    assert.equal(await hits("(receive_time geq '2026/01/05 04:00:00')"), 7);
    assert.equal(await hits("(receive_time geq '2026/01/05 04:00:01')"), 0);
    assert.equal(await hits("(receive_time leq '2026/01/05 03:59:59')"), 0);
    const [last = 0n] = seqnos(await runLogQuery(client, clock, ''));
    assert.equal(await hits(`(seqno geq ${last - 1n})`), 2);
    assert.equal(await hits(`(seqno gt ${last - 1n})`), 1);
    assert.equal(await hits(`(seqno eq ${last})`), 1);
    assert.equal(await hits(`(seqno lt ${last}) and (action eq deny)`), 2);
  });

  it('refuses a query that it cannot read, and what is out of range', async test => {
    const { client } = await panosBench(test);
    const answer = async (query: string, more: Readonly<Record<string, string>> = {}) =>
      (await client.call({ ...logCall(query), ...more })).body;
    assert.equal(
      await answer('(addr.dst eq example.com) and (port.dst eq 443)'),
      '<response status="error" code="17"><msg><line>addr example.com doesn&#39;t exist  or doesn&#39;t contain any member</line></msg></response>',
    );
    for (const query of [
      '(colour eq blue)',
      '(action eq deny',
      'action deny',
      '(receive_time geq yesterday)',
      '(action geq deny)',
      '(seqno eq many)',
      '(action eq deny) (app eq ssl)',
      '()',
    ])
      assert.match(await answer(query), /code="17"/, query);
    assert.match(await answer('', { nlogs: '5001' }), /code="17"/);
    assert.match(await answer('', { nlogs: '0' }), /code="17"/);
    assert.match(await answer('', { skip: '-1' }), /code="17"/);
    assert.match(await answer('', { dir: 'sideways' }), /code="17"/);
    assert.match(await answer('', { 'log-type': 'dreams' }), /code = '400'/);
  });

  it('writes a stream of sessions as time passes', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.trouble({ kind: 'traffic', sessions: 3_600, over: 3_600, application: 'dns' });
    await clock.advance(599_500);
    simulator.trouble({ kind: 'traffic', sessions: 10, over: 10, application: 'ssl' });
    await clock.advance(59_500);
    const body = await runLogQuery(client, clock, '', ALL);
    const times = texts(body, 'receive_time');
    assert.equal(times.length, 660 + 10);
    assert.deepEqual(times, times.toSorted());
    assert.equal(texts(body, 'app').filter(app => app === 'ssl').length, 10);
    const numbers = seqnos(body);
    assert.ok(numbers.every((seqno, index) => index === 0 || seqno === (numbers[index - 1] ?? 0n) + 1n));
  });

  it('shows late entries under an earlier time and a later number', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.trouble({ kind: 'traffic', sessions: 2, application: 'ssl' });
    await clock.advance(60_000);
    simulator.trouble({ kind: 'traffic', sessions: 1, late: 120, application: 'dns' });
    const body = await runLogQuery(client, clock, '', ALL);
    assert.deepEqual(texts(body, 'app'), ['ssl', 'ssl', 'dns']);
    assert.deepEqual(texts(body, 'receive_time'), [
      '2026/01/05 04:00:00',
      '2026/01/05 04:00:00',
      '2026/01/05 03:59:00',
    ]);
    const since = await runLogQuery(client, clock, "(receive_time geq '2026/01/05 04:00:00')", ALL);
    assert.deepEqual(texts(since, 'app'), ['ssl', 'ssl']);
  });

  it('gives many entries one receive time when ordered', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.trouble({ kind: 'traffic', sessions: 700, over: 30, sameSecond: true });
    await clock.advance(30_000);
    const body = await runLogQuery(client, clock, '', ALL);
    assert.deepEqual([...new Set(texts(body, 'receive_time'))], ['2026/01/05 04:00:00']);
    assert.equal(new Set(seqnos(body)).size, 700);
  });

  it('does not show in a finished job what was written after it', async test => {
    const { simulator, client, clock } = await panosBench(test, { behaviour: { queryJobMs: 1_000 } });
    simulator.trouble({ kind: 'traffic', sessions: 10, over: 10 });
    await client.call(logCall(''));
    await clock.advance(10_000);
    const { body } = await client.call({ type: 'log', action: 'get', 'job-id': '278' });
    assert.equal(seqnos(body).length, 2);
  });

  it('tells allowed sessions from refused ones as devices do', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.trouble({ kind: 'traffic', action: 'allow', bytes: 4_000, repeat: 3, user: 'corp\\bob' });
    const allowed = await runLogQuery(client, clock, '(action eq allow)');
    const field = (body: string, name: string) => texts(body, name)[0];
    assert.equal(field(allowed, 'subtype'), 'end');
    assert.equal(field(allowed, 'sessionid'), '100000');
    assert.equal(field(allowed, 'outbound_if'), 'ethernet1/22');
    assert.equal(field(allowed, 'repeatcnt'), '3');
    assert.equal(field(allowed, 'srcuser'), 'corp\\bob');
    assert.deepEqual(
      ['bytes', 'bytes_sent', 'bytes_received', 'packets'].map(name => field(allowed, name)),
      ['4000', '1000', '3000', '6'],
    );
    for (const action of ['deny', 'drop', 'reset-client', 'reset-server', 'reset-both']) {
      simulator.trouble({ kind: 'traffic', action, application: 'not-applicable', sessionEndReason: 'policy-deny' });
      const refused = await runLogQuery(client, clock, `(action eq ${action})`);
      assert.equal(field(refused, 'subtype'), 'drop');
      assert.equal(field(refused, 'sessionid'), '0');
      assert.equal(field(refused, 'outbound_if'), undefined);
    }
  });

  it('can lack fields and have unknown ones', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.trouble({
      kind: 'traffic',
      without: ['session_end_reason', 'type', 'high_res_timestamp'],
      extra: { 'mood-of-app': 'g<ood' },
    });
    const body = await runLogQuery(client, clock, '');
    assert.doesNotMatch(body, /session_end_reason|<type>|high_res/);
    assert.match(body, /<mood-of-app>g&lt;ood<\/mood-of-app>/);
  });

  it('can be told to show few fields', async test => {
    const { simulator, client, clock } = await panosBench(test, { behaviour: { logFields: 'few' } });
    simulator.trouble({ kind: 'traffic', extra: { odd: 'yes' } });
    const body = await runLogQuery(client, clock, '');
    assert.equal(texts(body, 'session_end_reason')[0], 'tcp-fin');
    assert.equal(texts(body, 'odd')[0], 'yes');
    assert.ok(body.length < 1_200);
  });

  it('stays with the member that wrote it, and goes on with the one that took over', async test => {
    const { simulator, client, clock } = await panosBench(test, { highAvailability: 'active-passive' });
    simulator.trouble({ kind: 'traffic', sessions: 100, over: 100 });
    await clock.advance(40_000);
    simulator.failover();
    await clock.advance(58_000);
    const first = seqnos(await runLogQuery(client, clock, '', { ...ALL, member: 0 }));
    const second = seqnos(await runLogQuery(client, clock, '', { ...ALL, member: 1 }));
    assert.equal(first.length, 41);
    assert.equal(first.length + second.length, 100);
    assert.equal(new Set([...first, ...second]).size, 100);
  });

  it('holds a million entries in little memory, and still answers a page fast', async test => {
    const { simulator, client, clock } = await panosBench(test);
    global.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    simulator.trouble({ kind: 'traffic', sessions: 600_000, over: 3_600, application: 'dns' });
    simulator.trouble({ kind: 'traffic', sessions: 400_000, over: 7_200, action: 'deny' });
    await clock.advance(7_200_000);
    await client.op('<show><clock/></show>');
    assert.equal(simulator.state.members[0]?.traffic.length, 1_000_000);
    assert.ok(process.memoryUsage().arrayBuffers - before < 100_000_000);
    const started = performance.now();
    const [last = 0n] = seqnos(await runLogQuery(client, clock, '', { nlogs: 1 }));
    const page = await runLogQuery(client, clock, `(seqno geq ${last - 499_999n})`, ALL);
    const took = performance.now() - started;
    assert.equal(seqnos(page).length, 5_000);
    assert.equal(seqnos(page)[0], last - 499_999n);
    assert.ok(took < 3_000, `${took} ms`);
  });
});

describe('a report with a query', () => {
  it('shows only the rows that match, and is refused when the query cannot be read', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.trouble({ kind: 'usage', address: '10.9.0.1', bytes: 1_000, bucket: 'closed' });
    const report = (query: string) =>
      dynamicReport(`${usageReport('2026/01/05 03:45:00', '2026/01/05 03:59:59')}<query>${query}</query>`);
    const sources = reportRows(await runReport(client, clock, report('(addr.src in 10.9.0.0/16)'))).map(
      ({ src }) => src,
    );
    assert.deepEqual(sources, ['10.9.0.1']);
    assert.match((await client.call(report('(colour eq blue)'))).body, /code="17"/);
  });
});
