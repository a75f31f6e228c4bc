import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { request } from 'undici';
import type { Fault } from '../../../../src/simulators/panos/faults.ts';
import { type PanosBench, panosBench } from '../../../support/panos-bench.ts';
import { parseXml } from '../../../support/panos-client.ts';

const CLOCK = '<show><clock/></show>';

/** A bench with one abusive session of 80 %, and a function that tries to discard it under a fault. */
async function discardBench(test: TestContext): Promise<PanosBench & { readonly attempt: () => Promise<string> }> {
  const bench = await panosBench(test);
  const [session] = bench.simulator.abuse({ share: 80 });
  return { ...bench, attempt: () => bench.discard(session?.id ?? 0) };
}

describe('ordered faults of the simulated firewall', () => {
  const refusals: readonly (readonly [kind: Fault['kind'], status: number, body: RegExp])[] = [
    ['commit-window', 403, /<line>Type \[op\] not authorized for user role<\/line>/],
    ['invalid-credential', 403, /code = '403'><result><msg>Invalid Credential/],
    ['session-timeout', 200, /status="unauth" code="22"/],
    ['denied', 200, /status="error" code="15"/],
    ['unauthorized', 200, /status="error" code="16"/],
    ['invalid-command', 200, /status="error" code="17"/],
    ['html', 503, /^<!DOCTYPE html>/],
    ['server-error', 500, /^Internal Server Error$/],
  ];
  for (const [kind, status, body] of refusals) {
    it(`answers with ${kind}, changes nothing, and is over after one call`, async test => {
      const { simulator, client, attempt, packetBuffer } = await discardBench(test);
      simulator.fault({ kind } as Fault);
      const reply = await client.op(CLOCK);
      assert.equal(reply.status, status);
      assert.match(reply.body, body);
      simulator.fault({ kind, command: 'request session-discard' } as Fault);
      assert.match(await attempt(), body);
      assert.equal((await packetBuffer())['s1dp1'], 87);
      assert.match(await attempt(), /status="success"/);
    });
  }

  it('gives a reply as ordered', async test => {
    const { simulator, client } = await panosBench(test);
    simulator.fault({ kind: 'reply', status: 418, body: '<x/>' });
    assert.deepEqual(await client.op(CLOCK), { status: 418, body: '<x/>' });
  });

  for (const kind of ['malformed', 'truncated', 'empty'] as const) {
    it(`damages the reply as ${kind} after the command took effect`, async test => {
      const { simulator, attempt, packetBuffer } = await discardBench(test);
      simulator.fault({ kind, command: 'request session-discard' });
      const body = await attempt();
      assert.throws(() => {
        assert.notEqual(body, '');
        parseXml(body);
      });
      assert.equal((await packetBuffer())['s1dp1'], 7);
      assert.equal(simulator.changes()[0]?.applied, true);
    });
  }

  it('damages a reply of any depth so that no XML parser takes it', async test => {
    const { simulator, client } = await panosBench(test);
    simulator.abuse();
    for (const cmd of [CLOCK, '<show><session><all/></session></show>', '<show><jobs><all/></jobs></show>']) {
      simulator.fault({ kind: 'malformed' });
      const { body } = await client.op(cmd);
      assert.throws(() => parseXml(body), cmd);
    }
  });

  const cuts: readonly (readonly [kind: 'reset-before' | 'reset-after' | 'reset-midway', left: number])[] = [
    ['reset-before', 87],
    ['reset-after', 7],
    ['reset-midway', 7],
  ];
  for (const [kind, left] of cuts) {
    it(`cuts the connection with ${kind}, and the buffer tells whether the command took effect`, async test => {
      const { simulator, attempt, packetBuffer } = await discardBench(test);
      simulator.fault({ kind, command: 'request session-discard' });
      await assert.rejects(attempt());
      assert.equal((await packetBuffer())['s1dp1'], left);
      const [record] = simulator.changes();
      assert.equal(record?.applied, left === 7);
      assert.equal(record?.fault, kind);
      assert.equal(record?.status, kind === 'reset-midway' ? 200 : undefined);
    });
  }

  it('says success and does nothing when a command is ignored', async test => {
    const { simulator, attempt, packetBuffer } = await discardBench(test);
    simulator.fault({ kind: 'ignored', command: 'request session-discard' });
    assert.match(await attempt(), /status="success"/);
    assert.equal((await packetBuffer())['s1dp1'], 87);
    assert.deepEqual(
      simulator.changes().map(({ applied }) => applied),
      [false],
    );
  });

  it('answers late when slow, and then in earnest', async test => {
    const { simulator, attempt, packetBuffer } = await discardBench(test);
    simulator.fault({ kind: 'slow', ms: 80, command: 'request session-discard' });
    const started = performance.now();
    assert.match(await attempt(), /status="success"/);
    assert.ok(performance.now() - started >= 75);
    assert.equal((await packetBuffer())['s1dp1'], 7);
  });

  it('does nothing of a slow command whose client has gone away before', async test => {
    const { simulator, client, attempt } = await discardBench(test);
    simulator.fault({ kind: 'slow', ms: 200, command: 'request session-discard' });
    const attempted = assert.rejects(attempt());
    await logged(() => simulator.changes(), 1);
    await client.close();
    await attempted;
    await new Promise(resolve => setTimeout(resolve, 250));
    assert.equal(simulator.changes()[0]?.applied, false);
  });

  it('never answers when it hangs, and closes all the same', async test => {
    const { simulator, client } = await panosBench(test);
    simulator.fault({ kind: 'hang' });
    const hanging = client.op(CLOCK);
    hanging.catch(() => undefined);
    await logged(() => simulator.log(), 1);
    assert.equal(simulator.log()[0]?.status, undefined);
    await simulator.close();
    await assert.rejects(hanging);
  });

  it('pours out a huge body', async test => {
    const { simulator, client } = await panosBench(test);
    simulator.fault({ kind: 'huge', bytes: 3_000_000 });
    assert.ok((await client.op(CLOCK)).body.length >= 3_000_000);
  });

  it('meets only the member, the command and the number of calls that were ordered', async test => {
    const { simulator, client } = await panosBench(test, { highAvailability: 'active-passive' });
    const fault = simulator.fault({ kind: 'empty', member: 'fw-edge-2', command: 'show clock', times: 2 });
    const empty = async (cmd: string, member: number) => (await client.op(cmd, member)).body === '';
    assert.equal(await empty(CLOCK, 0), false);
    assert.equal(await empty('<show><jobs><all/></jobs></show>', 1), false);
    assert.equal(await empty(CLOCK, 1), true);
    assert.equal(fault.remaining, 1);
    assert.equal(await empty(CLOCK, 1), true);
    assert.equal(await empty(CLOCK, 1), false);
  });

  it('takes a pattern or a function for the command, and whole words for a text', async test => {
    const { simulator, client } = await panosBench(test);
    simulator.fault({ kind: 'empty', command: /id 10\d\d$/ });
    simulator.fault({ kind: 'empty', command: words => words.endsWith('info') });
    const whole = simulator.fault({ kind: 'empty', command: 'show session id 100' });
    assert.equal((await client.op('<show><session><id>1003</id></session></show>')).body, '');
    assert.equal((await client.op('<show><session><info/></session></show>')).body, '');
    assert.notEqual((await client.op('<show><session><id>1003</id></session></show>')).body, '');
    assert.equal(whole.remaining, 1);
  });

  it('stays until cancelled when ordered for always', async test => {
    const { simulator, client } = await panosBench(test);
    const fault = simulator.fault({ kind: 'empty', times: 'always' });
    for (let call = 0; call < 3; call++) assert.equal((await client.op(CLOCK)).body, '');
    fault.cancel();
    assert.notEqual((await client.op(CLOCK)).body, '');
  });

  it('meets key generation too', async test => {
    const { simulator } = await panosBench(test, { certificates: 'self-signed' });
    simulator.fault({ kind: 'server-error', command: 'keygen' });
    const { Agent } = await import('undici');
    const dispatcher = new Agent({ connect: { ca: simulator.caPem } });
    const { statusCode, body } = await request(`${simulator.addresses[0]}/api/?type=keygen`, { dispatcher });
    await body.dump();
    await dispatcher.close();
    assert.equal(statusCode, 500);
  });
});

/** Waits until the log holds that many calls: the request is on its way when `op` returns its promise. */
async function logged(log: () => readonly unknown[], count: number): Promise<void> {
  while (log().length < count) await new Promise(resolve => setImmediate(resolve));
}
