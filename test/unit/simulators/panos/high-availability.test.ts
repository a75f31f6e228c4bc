import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { panosBench } from '../../../support/panos-bench.ts';
import { parseXml, texts } from '../../../support/panos-client.ts';

const HA = '<show><high-availability><state/></high-availability></show>';

describe('a simulated HA pair', () => {
  it('has an active and a passive member, each with its own view of the other', async test => {
    const { client } = await panosBench(test, { highAvailability: 'active-passive' });
    const first = parseXml((await client.op(HA, 0)).body);
    const second = parseXml((await client.op(HA, 1)).body);
    assert.deepEqual(
      [statesOf(first), statesOf(second)],
      [
        ['active', 'passive'],
        ['passive', 'active'],
      ],
    );
  });

  it('carries no sessions on the passive member, and refuses a discard there with code 15', async test => {
    const { simulator, client, discard, sessionState, packetBuffer } = await panosBench(test, {
      highAvailability: 'active-passive',
    });
    const [session] = simulator.abuse({ share: 80 });
    const id = session?.id ?? 0;
    assert.equal((await packetBuffer(1))['s1dp1'], 7);
    assert.equal(await sessionState(id, 1), 'gone');
    assert.equal(
      (await client.op('<show><session><packet-buffer-protection/></session></show>', 1)).body,
      '<response status="success"><result></result></response>',
    );
    assert.match(await discard(id, 1), /^<response status="error" code="15">/);
    assert.equal(await sessionState(id), 'ACTIVE');
  });

  it('takes a discard on the passive member when that is ordered, without any effect on the active one', async test => {
    const { simulator, discard, sessionState } = await panosBench(test, {
      highAvailability: 'active-passive',
      behaviour: { passiveDiscard: 'accepted' },
    });
    const [session] = simulator.abuse({ share: 80 });
    const id = session?.id ?? 0;
    assert.match(await discard(id, 1), /status="success"/);
    assert.equal(await sessionState(id), 'ACTIVE');
  });

  it('fails over with other session ids, and a discarded session lives again there', async test => {
    const { simulator, client, discard, packetBuffer, sessionState } = await panosBench(test, {
      highAvailability: 'active-passive',
    });
    const [session] = simulator.abuse({ share: 80 });
    const id = session?.id ?? 0;
    await discard(id);
    assert.equal(simulator.failover().name, 'fw-edge-2');
    assert.deepEqual(await packetBuffer(1), { s1dp1: 87, s1dp0: 7 });
    assert.equal(await sessionState(id, 0), 'gone');
    assert.equal(await sessionState(id, 1), 'gone');
    const filter = '<filter><application>unknown-udp</application></filter>';
    const { body } = await client.op(`<show><session><all>${filter}</all></session></show>`, 1);
    assert.deepEqual(texts(body, 'state'), ['ACTIVE']);
    assert.equal(texts((await client.op('<show><session><info/></session></show>', 0)).body, 'num-active')[0], '0');
  });

  it('keeps a discard over a failover when that is ordered', async test => {
    const { simulator, discard, packetBuffer } = await panosBench(test, {
      highAvailability: 'active-passive',
      behaviour: { discardSurvivesFailover: true },
    });
    const [session] = simulator.abuse({ share: 80 });
    await discard(session?.id ?? 0);
    simulator.failover();
    assert.equal((await packetBuffer(1))['s1dp1'], 7);
  });

  it('can be ordered into split brain, broken links and lost synchronisation', async test => {
    const { simulator, client } = await panosBench(test, { highAvailability: 'active-passive' });
    simulator.trouble({ kind: 'high-availability', member: 'fw-edge-2', state: 'active' });
    simulator.trouble({ kind: 'high-availability', links: { ha1: false, 'ha1-backup': false, ha2: false } });
    simulator.trouble({ kind: 'high-availability', configSync: 'not synchronized' });
    const second = (await client.op(HA, 1)).body;
    assert.deepEqual(statesOf(parseXml(second)), ['active', 'unknown']);
    assert.deepEqual(new Set(texts(second, 'conn-status')), new Set(['down']));
    assert.deepEqual(texts(second, 'running-sync'), ['not synchronized']);
  });

  it('goes down for a reboot while the other member takes over, and joins as passive', async test => {
    const { simulator, client, clock } = await panosBench(test, { highAvailability: 'active-passive' });
    simulator.reboot({ seconds: 100, initialSeconds: 30 });
    await assert.rejects(client.op(HA, 0));
    assert.deepEqual(statesOf(parseXml((await client.op(HA, 1)).body)), ['active', 'unknown']);
    await clock.advance(100_000);
    assert.deepEqual(statesOf(parseXml((await client.op(HA, 0)).body)), ['initial', 'active']);
    await clock.advance(30_000);
    assert.deepEqual(statesOf(parseXml((await client.op(HA, 0)).body)), ['passive', 'active']);
    const uptime = texts((await client.op('<show><system><info/></system></show>', 0)).body, 'uptime');
    assert.deepEqual(uptime, ['0 days, 0:00:30']);
  });

  it('keeps both members of an active/active pair in traffic, each with its own sessions', async test => {
    const { simulator, client, sessionState } = await panosBench(test, { highAvailability: 'active-active' });
    const [session] = simulator.abuse({ member: 'fw-edge-2' });
    const id = session?.id ?? 0;
    assert.deepEqual([await sessionState(id, 0), await sessionState(id, 1)], ['gone', 'ACTIVE']);
    const second = (await client.op(HA, 1)).body;
    assert.deepEqual(statesOf(parseXml(second)), ['active-secondary', 'active-primary']);
    assert.match(second, /<conn-ha3>/);
  });

  it('swaps its active members at a failover, and gives all to the one that is left in a reboot', async test => {
    const { simulator, client, clock } = await panosBench(test, { highAvailability: 'active-active' });
    const states = async (member: number) => statesOf(parseXml((await client.op(HA, member)).body));
    simulator.abuse({ member: 'fw-edge-1', application: 'sip' });
    assert.equal(simulator.failover().name, 'fw-edge-2');
    assert.deepEqual(await states(0), ['active-secondary', 'active-primary']);
    simulator.abuse({ member: 'fw-edge-1', application: 'dns' });
    simulator.reboot({ member: 'fw-edge-1', seconds: 60, initialSeconds: 30 });
    assert.deepEqual(await states(1), ['active-primary', 'unknown']);
    const { body } = await client.op('<show><session><all/></session></show>', 1);
    assert.equal(texts(body, 'application').filter(name => name === 'sip').length, 1);
    assert.ok(texts(body, 'application').includes('dns'));
    await clock.advance(90_000);
    assert.deepEqual(await states(0), ['active-secondary', 'active-primary']);
    simulator.reboot({ member: 'fw-edge-2', seconds: 60 });
    assert.deepEqual(await states(0), ['active-primary', 'unknown']);
  });

  it('has every link that is ordered, keep-alives on HA2, and versions that differ', async test => {
    const { simulator, client } = await panosBench(test, { highAvailability: 'active-passive' });
    const links = { 'ha1-backup': null, 'ha2-backup': true, ha3: false, ha9: true };
    simulator.trouble({ kind: 'high-availability', links, keepAlive: true, mismatched: ['build', 'app'] });
    const { body } = await client.op(HA);
    const named = [...body.matchAll(/<conn-(ha[\w-]+)><conn-status>(\w+)</g)].map(match => `${match[1]} ${match[2]}`);
    assert.deepEqual(named, ['ha1 up', 'ha2 up', 'ha2-backup up', 'ha3 down', 'ha9 up']);
    assert.deepEqual(texts(body, 'conn-ka-enbled'), ['yes', 'yes']);
    assert.match(body, /<conn-ha2>.*<conn-desc>keep-alive status<\/conn-desc><conn-type>log-only<\/conn-type>/);
    assert.match(body, /<build-compat>Mismatch<.*<threat-compat>Match</);
    assert.match(body, /<app-compat>Mismatch</);
  });

  it('shows all links to a member that is down as down', async test => {
    const { simulator, client } = await panosBench(test, { highAvailability: 'active-passive' });
    simulator.reboot({ member: 'fw-edge-2', seconds: 60 });
    assert.deepEqual(new Set(texts((await client.op(HA)).body, 'conn-status')), new Set(['down']));
  });
});

function statesOf(document: Record<string, unknown>): readonly [local: unknown, peer: unknown] {
  const { response } = document as { response: { result: { group: Record<string, { state?: unknown }> } } };
  const { group } = response.result;
  return [group['local-info']?.state, group['peer-info']?.state];
}
