import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { panosBench } from '../../../support/panos-bench.ts';
import { texts } from '../../../support/panos-client.ts';

const BACKLOGS = '<show><running><resource-monitor><ingress-backlogs/></resource-monitor></running></show>';
const PROTECTION = '<show><session><packet-buffer-protection/></session></show>';

describe('sessions and buffers of the simulated firewall', () => {
  it('raises the buffer of one dataplane by abusive sessions, and names them in both lists', async test => {
    const { simulator, client, packetBuffer } = await panosBench(test);
    assert.deepEqual(await packetBuffer(), { s1dp1: 7, s1dp0: 7 });
    const ids = simulator.abuse({ dataplane: 's1dp0', sessions: 2, share: 40 }).map(({ id }) => String(id));
    assert.deepEqual(await packetBuffer(), { s1dp1: 7, s1dp0: 87 });
    assert.deepEqual(texts((await client.op(BACKLOGS)).body, 'SESS-ID'), ids);
    const protection = (await client.op(PROTECTION)).body;
    assert.deepEqual(texts(protection, 'value'), ids);
    assert.deepEqual(texts(protection, 'is-running'), ['True', 'False']);
  });

  it('lists dataplanes in descending order, so that the first is not dp0', async test => {
    const { packetBuffer } = await panosBench(test);
    assert.deepEqual(Object.keys(await packetBuffer()), ['s1dp1', 's1dp0']);
  });

  it('frees the share of a discarded session, keeps it in DISCARD for the timeout, then forgets it', async test => {
    const { simulator, clock, packetBuffer, sessionState, discard } = await panosBench(test);
    const [session] = simulator.abuse({ share: 80 });
    assert.ok(session);
    assert.equal(await sessionState(session.id), 'ACTIVE');
    await discard(session.id, 0, 45);
    assert.equal((await packetBuffer())['s1dp1'], 7);
    assert.equal(await sessionState(session.id), 'DISCARD');
    await clock.advance(44_000);
    assert.equal(await sessionState(session.id), 'DISCARD');
    await clock.advance(1_000);
    assert.equal(await sessionState(session.id), 'gone');
  });

  it('frees the share later when a delay is ordered', async test => {
    const { simulator, clock, packetBuffer, discard } = await panosBench(test, { behaviour: { freeDelayMs: 3_000 } });
    const [session] = simulator.abuse({ share: 80 });
    await discard(session?.id ?? 0);
    await clock.advance(2_999);
    assert.equal((await packetBuffer())['s1dp1'], 87);
    await clock.advance(1);
    assert.equal((await packetBuffer())['s1dp1'], 7);
  });

  it('keeps or worsens the load after a discard when that is ordered', async test => {
    const { simulator, packetBuffer, discard } = await panosBench(test);
    const [stays] = simulator.abuse({ dataplane: 's1dp0', share: 80, afterDiscard: 'stays' });
    const [worsens] = simulator.abuse({ dataplane: 's1dp1', share: 40, afterDiscard: 'worsens' });
    await discard(stays?.id ?? 0);
    await discard(worsens?.id ?? 0);
    assert.deepEqual(await packetBuffer(), { s1dp1: 57, s1dp0: 87 });
  });

  it('says of a session that is gone that the key is bad, with success', async test => {
    const { client } = await panosBench(test);
    const { status, body } = await client.op('<show><session><id>77</id></session></show>');
    assert.equal(status, 200);
    assert.match(body, /^<response status="success"><result>Session 77\nBad Key: c2s: &#39;c2s&#39;/);
  });

  it('gives the id of a session to another one, with another start time and flow', async test => {
    const { simulator, client, clock } = await panosBench(test);
    const [old] = simulator.abuse({ share: 50 });
    const id = old?.id ?? 0;
    const before = (await client.op(`<show><session><id>${id}</id></session></show>`)).body;
    await clock.advance(2_000);
    simulator.trouble({ kind: 'reuse-id', id, share: 50 });
    const after = (await client.op(`<show><session><id>${id}</id></session></show>`)).body;
    assert.notDeepEqual(texts(after, 'start-time'), texts(before, 'start-time'));
    assert.deepEqual([texts(before, 'source')[0], texts(after, 'source')[0]], ['203.0.113.66', '10.1.20.99']);
  });

  it('prints times in the zone of the firewall', async test => {
    const { simulator, client } = await panosBench(test);
    const [session] = simulator.abuse();
    const { body } = await client.op(`<show><session><id>${session?.id ?? 0}</id></session></show>`);
    assert.deepEqual(texts(body, 'start-time'), ['Mon Jan  5 04:00:00 2026']);
    assert.match((await client.op('<show><clock/></show>')).body, /Mon Jan {2}5 04:00:00 PST 2026/);
  });

  it('clears a session at once', async test => {
    const { simulator, client, sessionState } = await panosBench(test);
    const [session] = simulator.abuse();
    const id = session?.id ?? 0;
    const { body } = await client.op(`<clear><session><id>${id}</id></session></clear>`);
    assert.deepEqual(texts(body, 'member'), ['sessions cleared']);
    assert.equal(await sessionState(id), 'gone');
  });

  it('refuses a discard without a usable id or timeout, and changes nothing', async test => {
    const { simulator, client, packetBuffer } = await panosBench(test);
    const [session] = simulator.abuse({ share: 80 });
    const id = session?.id ?? 0;
    for (const words of [
      '<timeout>60</timeout>',
      '<id>0</id>',
      '<id>1 or 2</id>',
      `<timeout>0</timeout><id>${id}</id>`,
    ]) {
      const { body } = await client.op(`<request><session-discard>${words}</session-discard></request>`);
      assert.match(body, /^<response status="error" code="17">/, words);
    }
    assert.equal((await packetBuffer())['s1dp1'], 87);
  });

  it('filters the session list and refuses a filter that it does not know', async test => {
    const { simulator, client } = await panosBench(test);
    simulator.abuse({ sessions: 3 });
    const list = (filter: string) => client.op(`<show><session><all><filter>${filter}</filter></all></session></show>`);
    assert.equal(texts((await list('<application>unknown-udp</application>')).body, 'idx').length, 3);
    assert.equal(texts((await list('<source>10.1.20.11</source><min-age>100</min-age>')).body, 'idx').length, 2);
    assert.match(
      (await list('<colour>red</colour>')).body,
      /code="17".*filter -&gt; colour|code="17".*filter -> colour/,
    );
  });

  it('keeps the peak in the minute window after the abuse has ended', async test => {
    const { simulator, client, clock } = await panosBench(test);
    simulator.abuse({ share: 80 });
    await clock.advance(20_000);
    simulator.trouble({ kind: 'end-sessions' });
    await clock.advance(10_000);
    const { body } = await client.op(
      '<show><running><resource-monitor><minute><last>1</last></minute></resource-monitor></running></show>',
    );
    const maximum = /<s1dp1>.*?<name>packet buffer \(maximum\)<\/name><value>(\d+)</.exec(body);
    assert.equal(maximum?.[1], '87');
  });

  it('knows no ingress backlogs and no on-chip descriptors on VM-Series', async test => {
    const { PA_VM } = await import('../../../../src/simulators/panos/state/platform.ts');
    const { client } = await panosBench(test, { platform: PA_VM });
    assert.match((await client.op(BACKLOGS)).body, /unsupported/);
    const { body } = await client.op(
      '<show><running><resource-monitor><second><last>1</last></second></resource-monitor></running></show>',
    );
    assert.deepEqual(texts(body, 'name'), ['session', 'packet buffer', 'packet descriptor']);
  });

  it('can give the backlogs in every shape, each but the text well-formed, and none with a wrong count of ids', async test => {
    const { simulator, client } = await panosBench(test);
    const ids = simulator.abuse({ sessions: 2, share: 30 }).map(({ id }) => id);
    const idsIn: Record<string, string[]> = {};
    for (const backlogs of ['nested', 'columns', 'flat', 'split', 'shifted', 'text', 'foreign-ids', 'unsupported']) {
      simulator.trouble({ kind: 'behaviour', backlogs });
      idsIn[backlogs] = texts((await client.op(BACKLOGS)).body, 'SESS-ID');
    }
    const once = ids.map(String);
    assert.deepEqual(idsIn, {
      nested: once,
      columns: once,
      flat: once,
      split: [...once, ...once],
      shifted: once,
      text: [],
      'foreign-ids': ids.map(id => String(id + 900_000)),
      unsupported: [],
    });
  });
});
