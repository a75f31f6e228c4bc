import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { panosBench } from '../../../support/panos-bench.ts';
import { panosClient, texts } from '../../../support/panos-client.ts';

const CLOCK = '<show><clock/></show>';

describe('the XML API of the simulated firewall', () => {
  it('takes the key from the header or as a parameter, by POST or GET', async test => {
    const { simulator, client } = await panosBench(test);
    const call = { type: 'op', cmd: CLOCK };
    const asParameter = { ...call, key: simulator.apiKey };
    assert.equal((await client.call(call)).status, 200);
    assert.equal((await client.call(call, { method: 'GET' })).status, 200);
    assert.equal((await client.call(asParameter, { key: undefined })).status, 200);
    assert.equal((await client.call(asParameter, { key: undefined, method: 'GET' })).status, 200);
    assert.deepEqual(
      simulator.log().map(({ method, keyIn }) => `${method} ${keyIn}`),
      ['POST header', 'GET header', 'POST parameter', 'GET parameter'],
    );
  });

  it('refuses a wrong, missing or replaced key with 403', async test => {
    const { simulator, client } = await panosBench(test);
    const call = { type: 'op', cmd: CLOCK };
    const old = simulator.apiKey;
    const fresh = simulator.replaceKey();
    for (const key of [undefined, 'wrong', old]) assert.equal((await client.call(call, { key })).status, 403);
    assert.equal((await client.call(call, { key: fresh })).status, 200);
  });

  it('gives the key for user and password', async test => {
    const { simulator, client } = await panosBench(test);
    const { username, password } = simulator;
    const { body } = await client.call({ type: 'keygen', user: username, password }, { key: undefined });
    assert.deepEqual(texts(body, 'key'), [simulator.apiKey]);
  });

  it('names the first word that it does not know', async test => {
    const { client } = await panosBench(test);
    const unknown = async (cmd: string) => (await client.op(cmd)).body;
    const error = (words: string) =>
      `<response status="error" code="17"><msg><line><![CDATA[ ${words}  is unexpected]]></line></msg></response>`;
    assert.equal(await unknown('<delete><everything/></delete>'), error('delete'));
    assert.equal(await unknown('<show><session><colour/></session></show>'), error('show -> session -> colour'));
    assert.equal(await unknown('<show><session/></show>'), error('show -> session'));
  });

  it('refuses what is not one well-formed element, and a DOCTYPE', async test => {
    const { client } = await panosBench(test);
    for (const cmd of [
      'show clock',
      '<show><clock></show>',
      '<show/><show/>',
      '<!DOCTYPE x><show><clock/></show>',
      '',
    ]) {
      assert.match((await client.op(cmd)).body, /code="18"/, cmd);
    }
  });

  it('refuses an unknown type with 400, and another path with 404', async test => {
    const { client } = await panosBench(test);
    assert.equal((await client.call({ type: 'nonsense' })).status, 400);
    assert.equal((await client.call({ cmd: CLOCK })).status, 400);
    assert.equal((await client.call({ type: 'op' })).status, 400);
    assert.equal((await client.call({ type: 'op', cmd: CLOCK }, { path: '/restapi/' })).status, 404);
  });

  it('cuts a request body above the limit of the vendor', async test => {
    const { client } = await panosBench(test);
    await assert.rejects(client.op(`<show>${' '.repeat(5_000_000)}</show>`));
    assert.equal((await client.op(CLOCK)).status, 200);
  });

  it('gives the version without an op command', async test => {
    const { client } = await panosBench(test);
    assert.deepEqual(texts((await client.call({ type: 'version' })).body, 'sw-version'), ['11.1.4-h7']);
  });

  it('runs a job to its end', async test => {
    const { simulator, client, clock } = await panosBench(test);
    const job = async () => (await client.op('<show><jobs><all/></jobs></show>')).body;
    assert.deepEqual(texts(await job(), 'id'), []);
    simulator.commit(10);
    await clock.advance(5_000);
    assert.deepEqual([texts(await job(), 'status'), texts(await job(), 'progress')], [['ACT'], ['50']]);
    await clock.advance(5_000);
    assert.deepEqual([texts(await job(), 'status'), texts(await job(), 'result')], [['FIN'], ['OK']]);
  });

  it('shows pending changes when they are ordered', async test => {
    const { simulator, client } = await panosBench(test);
    simulator.trouble({ kind: 'configuration', pendingChanges: true });
    const { body } = await client.op('<check><pending-changes></pending-changes></check>');
    assert.equal(body, "<response status='success'><result>yes</result></response>");
  });

  it('refuses a trouble that it does not know, or with words that it does not know', async test => {
    const { simulator } = await panosBench(test);
    assert.throws(() => simulator.trouble({ kind: 'flood' }), /no trouble "flood"; known are abuse, /);
    assert.throws(() => simulator.trouble({ kind: 'abuse', colour: 'red' }), /colour/);
    assert.throws(() => simulator.trouble({ kind: 'behaviour', backlogs: 'round' }));
    assert.throws(() => simulator.failover(), /failover needs a pair/);
  });
});

describe('the call log of the simulated firewall', () => {
  it('tells commands in words with their outcome, and keeps no secret', async test => {
    const { simulator, client, discard } = await panosBench(test);
    const [session] = simulator.abuse();
    const id = session?.id ?? 0;
    await client.call({ type: 'keygen', user: simulator.username, password: simulator.password }, { key: undefined });
    await client.op(CLOCK);
    await discard(id);
    const told = simulator
      .log()
      .map(({ command, status, changes, applied }) => ({ command, status, changes, applied }));
    assert.deepEqual(told, [
      { command: 'keygen', status: 200, changes: false, applied: false },
      { command: 'show clock', status: 200, changes: false, applied: false },
      { command: `request session-discard timeout 60 reason test id ${id}`, status: 200, changes: true, applied: true },
    ]);
    const text = JSON.stringify(simulator.log());
    assert.ok(!text.includes(simulator.apiKey) && !text.includes(simulator.password));
    assert.deepEqual(simulator.changes(), simulator.log().slice(2));
    simulator.clearLog();
    assert.deepEqual(simulator.log(), []);
  });

  it('counts calls in flight and tells connections apart', async test => {
    const { simulator, client } = await panosBench(test);
    const single = panosClient(simulator, 1);
    test.after(() => single.close());
    await single.op(CLOCK);
    await single.op(CLOCK);
    // Long enough that three TLS handshakes on a busy machine still overlap.
    simulator.fault({ kind: 'slow', ms: 750, times: 3 });
    await Promise.all([client.op(CLOCK), client.op(CLOCK), client.op(CLOCK)]);
    const log = simulator.log();
    assert.deepEqual(
      log.map(({ inFlight }) => inFlight),
      [1, 1, 1, 2, 3],
    );
    assert.deepEqual(log.map(({ connection }) => connection).sort(), [1, 1, 2, 3, 4]);
  });
});
