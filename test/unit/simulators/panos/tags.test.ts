import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { PanosSimulatorOptions } from '../../../../src/simulators/panos/simulator.ts';
import { PA_5250 } from '../../../../src/simulators/panos/state/platform.ts';
import { panosBench } from '../../../support/panos-bench.ts';
import { attributes, countOf, messages, tagClient } from '../../../support/panos-tags.ts';

const SUCCESS =
  '<response status="success"><result><uid-response><version>2.0</version><payload><register></register></payload></uid-response></result></response>';

async function tagBench(test: TestContext, options: PanosSimulatorOptions = {}) {
  const bench = await panosBench(test, options);
  return { ...bench, tags: tagClient(bench.client) };
}

describe('tags on addresses', () => {
  it('are registered, listed, put into their group, and taken away', async test => {
    const { tags } = await tagBench(test);
    assert.equal((await tags.register('10.0.0.2', 'quota')).body, SUCCESS);
    assert.deepEqual(await tags.tagged('quota'), ['10.0.0.2']);
    assert.deepEqual(await tags.dynamicAddressGroup('quota'), ['10.0.0.2']);
    assert.match((await tags.unregister('10.0.0.2', 'quota')).body, /status="success".*<unregister><\/unregister>/);
    assert.deepEqual(await tags.tagged('quota'), []);
    assert.deepEqual(await tags.dynamicAddressGroup('quota'), []);
  });

  it('end by themselves after their timeout in seconds, by the clock of the device', async test => {
    const { tags, clock } = await tagBench(test);
    await tags.register('10.0.0.2', 'quota', { timeout: 900 });
    await tags.register('10.0.0.3', 'quota');
    clock.step(-3_600_000);
    await clock.advance(899_000);
    assert.deepEqual(await tags.tagged('quota'), ['10.0.0.2', '10.0.0.3']);
    await clock.advance(1_000);
    assert.deepEqual(await tags.tagged('quota'), ['10.0.0.3']);
    await clock.advance(86_400_000);
    assert.deepEqual(await tags.tagged('quota'), ['10.0.0.3']);
  });

  it('answer an error with one entry per failure although the others worked', async test => {
    const { tags } = await tagBench(test);
    await tags.register('10.0.0.2', 'quota');
    const { status, body } = await tags.send(`<register>
      <entry ip="10.0.0.2"><tag><member>quota</member><member>other</member></tag></entry>
      <entry ip="10.0.0.3"><tag><member>quota</member></tag></entry>
      <entry ip="10.0.0.300"><tag><member>quota</member></tag></entry>
      <entry ip="10.0.0.4"><tag><member timeout="2592001">quota</member><member>it's</member></tag></entry>
    </register>`);
    assert.equal(status, 200);
    assert.match(body, /^<response status="error"><msg><line><uid-response><version>2.0<\/version><payload><register>/);
    assert.deepEqual(messages(body), [
      'tag quota already exists, ignore',
      'Failed to register ip 10.0.0.300 tag quota: invalid address',
      'Failed to register ip 10.0.0.4 tag quota: invalid timeout',
      'Failed to register ip 10.0.0.4 tag it&#39;s: not a valid tag',
    ]);
    assert.deepEqual(attributes(body, 'ip'), ['10.0.0.2', '10.0.0.300', '10.0.0.4', '10.0.0.4']);
    assert.deepEqual(await tags.tagged('quota'), ['10.0.0.2', '10.0.0.3']);
    assert.deepEqual(await tags.tagged('other'), ['10.0.0.2']);
  });

  it('say harmlessly that there was nothing to take away', async test => {
    const { tags } = await tagBench(test);
    await tags.register('10.0.0.2', 'other');
    const gone = await tags.unregister('10.0.0.9', 'quota');
    assert.deepEqual(messages(gone.body), ['ip 10.0.0.9 does not exist, ignore unreg']);
    const kept = await tags.unregister('10.0.0.2', 'quota');
    assert.deepEqual(messages(kept.body), ['tag quota does not exist, ignore unreg']);
    assert.deepEqual(await tags.tagged('other'), ['10.0.0.2']);
  });

  it('are taken away before others are set in the same document, whatever stands first, so a countdown begins anew', async test => {
    const { tags, clock } = await tagBench(test);
    await tags.register('10.0.0.2', 'quota', { timeout: 900 });
    await clock.advance(800_000);
    const { body } = await tags.send(`
      <register><entry ip="10.0.0.2"><tag><member timeout="900">quota</member></tag></entry></register>
      <unregister><entry ip="10.0.0.2"><tag><member>quota</member></tag></entry></unregister>`);
    assert.match(body, /<payload><unregister><\/unregister><register><\/register><\/payload>/);
    await clock.advance(899_000);
    assert.deepEqual(await tags.tagged('quota'), ['10.0.0.2']);
    await clock.advance(1_000);
    assert.deepEqual(await tags.tagged('quota'), []);
  });

  for (const [registerAgain, message, secondsLeft] of [
    ['exists', ['tag quota already exists, ignore'], 100],
    ['exists-restarts', ['tag quota already exists, ignore'], 900],
    ['restarts', [], 900],
  ] as const) {
    it(`can be registered again where that means ${registerAgain}`, async test => {
      const { tags, clock } = await tagBench(test, { behaviour: { registerAgain } });
      await tags.register('10.0.0.2', 'quota', { timeout: 900 });
      await clock.advance(800_000);
      assert.deepEqual(messages((await tags.register('10.0.0.2', 'quota', { timeout: 900 })).body), message);
      await clock.advance(secondsLeft * 1_000 - 1);
      assert.deepEqual(await tags.tagged('quota'), ['10.0.0.2']);
      await clock.advance(1);
      assert.deepEqual(await tags.tagged('quota'), []);
    });
  }

  it('go all at once, the tags of others too, when an entry names none', async test => {
    const { tags, client } = await tagBench(test);
    await tags.register('10.1.20.200', 'quota');
    await tags.send('<unregister><entry ip="10.1.20.200"/></unregister>');
    const { body } = await client.op(
      '<show><object><registered-ip><ip>10.1.20.200</ip></registered-ip></object></show>',
    );
    assert.equal(countOf(body), 0);
  });

  it('number 32 at most on one address', async test => {
    const { tags } = await tagBench(test);
    const names = Array.from({ length: 33 }, (_, index) => `<member>t${index}</member>`).join('');
    const { body } = await tags.send(`<register><entry ip="10.0.0.2"><tag>${names}</tag></entry></register>`);
    assert.deepEqual(messages(body), ['Failed to register ip 10.0.0.2 tag t32: more than 32 tags']);
  });

  it('find no room above the capacity that was ordered', async test => {
    const { tags, simulator } = await tagBench(test);
    simulator.trouble({ kind: 'behaviour', registeredLimit: 3 });
    assert.deepEqual(messages((await tags.register('10.0.0.1', 'quota')).body), []);
    assert.deepEqual(messages((await tags.register('10.0.0.2', 'quota')).body), [
      'Failed to register ip 10.0.0.2 tag quota: max registered-ip for the platform reached (3)',
    ]);
    assert.deepEqual(messages((await tags.register('10.0.0.1', 'more')).body), []);
  });

  it('are taken on subnets, ranges and IPv6, in one spelling', async test => {
    const { tags } = await tagBench(test);
    for (const address of ['10.1.1.10-10.1.1.19', '10.1.1.0/24', '10.1.1.1/32', '2001:DB8:0::1/128'])
      await tags.register(address, 'quota');
    assert.deepEqual(await tags.tagged('quota'), ['10.1.1.10-10.1.1.19', '10.1.1.0/24', '10.1.1.1', '2001:db8::1']);
  });

  it('are listed with those of others, by pages of at most 500 with a count of the page', async test => {
    const { tags, client } = await tagBench(test);
    const entries = Array.from({ length: 1_000 }, (_, index) => {
      const address = `10.7.${Math.floor(index / 250)}.${index % 250}`;
      return `<entry ip="${address}"><tag><member>quota</member></tag></entry>`;
    });
    await tags.send(`<register>${entries.join('')}</register>`);
    const page = async (options: string) =>
      (await client.op(`<show><object><registered-ip>${options}</registered-ip></object></show>`)).body;
    const first = await page('<all/>');
    assert.equal(countOf(first), 500);
    assert.match(
      first,
      /<entry ip="10.1.20.200" from_agent="1" persistent="1"><tag><member>printer<\/member><\/tag><\/entry>/,
    );
    assert.equal(countOf(await page('<limit>500</limit><start-point>501</start-point>')), 500);
    assert.equal(countOf(await page('<all><limit>500</limit><start-point>1001</start-point></all>')), 2);
    assert.equal(countOf(await page('<limit>500</limit><start-point>2001</start-point>')), 0);
    assert.equal(countOf(await page('<all><option>count</option></all>')), 1_002);
    assert.match(await page('<limit>501</limit>'), /code="17"/);
    assert.match(await page('<start-point>0</start-point>'), /code="17"/);
    assert.match(await page('<colour/>'), /code="17".*is unexpected/);
    assert.doesNotMatch(first, /timeout|expire/);
  });

  it('are answered as a file above 500 addresses on an old release', async test => {
    const { simulator, client } = await tagBench(test, { behaviour: { registeredAddresses: 'outfile' } });
    for (let index = 0; index < 499; index++)
      simulator.trouble({ kind: 'tag', address: `10.8.${index % 2}.${index >> 1}`, tag: 'x' });
    const { body } = await client.op('<show><object><registered-ip><all/></registered-ip></object></show>');
    assert.match(body, /<outfile>\/var\/log\/clioutput\/regipdump<\/outfile>/);
  });

  it('count for a dynamic group only after the delay that was ordered, and by its whole filter', async test => {
    const { tags, clock, simulator } = await tagBench(test, { behaviour: { groupDelayMs: 60_000 } });
    simulator.trouble({ kind: 'dynamic-group', type: 'address', name: 'g', filter: "'a' and ('b' or not 'c')" });
    await tags.send(`<register>
      <entry ip="10.0.0.1"><tag><member>a</member></tag></entry>
      <entry ip="10.0.0.2"><tag><member>a</member><member>c</member></tag></entry>
      <entry ip="10.0.0.3"><tag><member>a</member><member>b</member><member>c</member></tag></entry>
    </register>`);
    assert.deepEqual(await tags.dynamicAddressGroup('g'), []);
    await clock.advance(60_000);
    assert.deepEqual(await tags.dynamicAddressGroup('g'), ['10.0.0.1', '10.0.0.3']);
    assert.throws(() => simulator.trouble({ kind: 'dynamic-group', type: 'user', name: 'g', filter: "'a' and" }));
  });

  it('are apart in each virtual system, and an unknown system is refused', async test => {
    const { tags } = await tagBench(test, { platform: { ...PA_5250, systems: ['vsys1', 'vsys2'] } });
    const entry = '<register><entry ip="10.0.0.2"><tag><member>quota</member></tag></entry></register>';
    await tags.send(entry, { vsys: 'vsys2' });
    assert.deepEqual(await tags.tagged('quota'), []);
    assert.match((await tags.send(entry, { vsys: 'vsys2' })).body, /already exists/);
    assert.match((await tags.send(entry, { vsys: 'vsys3' })).body, /You must specify a valid vsys/);
  });

  it('refuse what is no update of tags', async test => {
    const { tags, client, simulator } = await tagBench(test);
    assert.match((await client.call({ type: 'user-id', cmd: '<uid-message>' })).body, /code="18"/);
    assert.match((await client.call({ type: 'user-id', cmd: '<uid-message/>' })).body, /code="12"/);
    assert.match((await tags.send('<login><entry name="a" ip="10.0.0.1"/></login>')).body, /code="12"/);
    assert.deepEqual(
      simulator.changes().map(({ applied }) => applied),
      [false, false, false],
    );
  });

  it('are in the call log in words, as a change', async test => {
    const { tags, simulator } = await tagBench(test);
    await tags.register('10.0.0.2', 'quota', { timeout: 60 });
    const [call] = simulator.changes();
    assert.match(call?.command ?? '', /^uid-message type update payload register entry 10\.0\.0\.2 .*60 quota$/);
    assert.equal(call?.applied, true);
  });
});

describe('tags in a pair', () => {
  const pair = { highAvailability: 'active-passive' } as const;

  it('stay on the member that they were set on, unless the pair synchronizes them', async test => {
    const { tags, simulator } = await tagBench(test, pair);
    await tags.register('10.0.0.2', 'quota');
    assert.deepEqual(await tags.tagged('quota', 1), []);
    simulator.trouble({ kind: 'behaviour', tagSync: true });
    await tags.register('10.0.0.3', 'quota');
    assert.deepEqual(await tags.tagged('quota', 1), ['10.0.0.3']);
    await tags.unregister('10.0.0.3', 'quota');
    assert.deepEqual(await tags.tagged('quota', 1), []);
  });

  it('do not cross a broken control link, and never go from the passive member to the active one', async test => {
    const { tags, simulator } = await tagBench(test, { ...pair, behaviour: { tagSync: true } });
    await tags.register('10.0.0.4', 'quota', { member: 1 });
    assert.deepEqual(await tags.tagged('quota', 0), []);
    simulator.trouble({ kind: 'high-availability', links: { ha1: false, 'ha1-backup': false } });
    await tags.register('10.0.0.2', 'quota');
    assert.deepEqual(await tags.tagged('quota', 1), ['10.0.0.4']);
  });

  it('are taken or refused by a passive member as ordered', async test => {
    const { tags, simulator } = await tagBench(test, pair);
    assert.match((await tags.register('10.0.0.2', 'quota', { member: 1 })).body, /status="success"/);
    simulator.trouble({ kind: 'behaviour', passiveUserId: 'refused' });
    assert.match((await tags.register('10.0.0.3', 'quota', { member: 1 })).body, /code="15"/);
    assert.match((await tags.register('10.0.0.3', 'quota')).body, /status="success"/);
    assert.deepEqual(await tags.tagged('quota', 1), ['10.0.0.2']);
  });

  it('stay where they are at a failover', async test => {
    const { tags, simulator } = await tagBench(test, pair);
    await tags.register('10.0.0.2', 'quota');
    simulator.failover();
    assert.deepEqual(await tags.tagged('quota', 0), ['10.0.0.2']);
    assert.deepEqual(await tags.tagged('quota', 1), []);
  });

  it('are refused with 403 while a commit runs, where that was ordered', async test => {
    const { tags, simulator, clock } = await tagBench(test, { behaviour: { userIdDuringCommit: 'refused' } });
    simulator.commit(30);
    const reply = await tags.register('10.0.0.2', 'quota');
    assert.deepEqual(reply, {
      status: 403,
      body: '<response status="error"><msg><line>Type [user-id] not authorized for user role</line></msg></response>',
    });
    await clock.advance(30_000);
    assert.equal((await tags.register('10.0.0.2', 'quota')).status, 200);
  });
});

describe('tags over a reboot', () => {
  it('survive when they are persistent, and their countdown goes on or begins anew', async test => {
    for (const rebootCountdown of ['continues', 'restarts'] as const) {
      const { tags, simulator, clock } = await tagBench(test, { behaviour: { rebootCountdown } });
      await tags.register('10.0.0.2', 'quota', { timeout: 900, persistent: 1 });
      await tags.register('10.0.0.3', 'quota', { timeout: 900, persistent: 0 });
      simulator.reboot({ seconds: 600 });
      await clock.advance(600_000);
      assert.deepEqual(await tags.tagged('quota'), ['10.0.0.2']);
      await clock.advance(300_000);
      assert.deepEqual(await tags.tagged('quota'), rebootCountdown === 'restarts' ? ['10.0.0.2'] : []);
      await clock.advance(600_000);
      assert.deepEqual(await tags.tagged('quota'), []);
    }
  });

  it('come from the peer where the pair synchronizes them', async test => {
    const { tags, simulator, clock } = await tagBench(test, {
      highAvailability: 'active-passive',
      behaviour: { tagSync: true },
    });
    await tags.register('10.0.0.2', 'quota', { persistent: 0 });
    simulator.reboot({ member: 'fw-edge-1', seconds: 60 });
    await tags.register('10.0.0.3', 'quota', { member: 1 });
    await clock.advance(60_000);
    assert.deepEqual(await tags.tagged('quota', 0), ['10.0.0.2', '10.0.0.3']);
  });
});

describe('tags on users', () => {
  const registerUser = (user: string, timeout = 0) =>
    `<register-user><entry user="${user}"><tag><member timeout="${timeout}">quota</member></tag></entry></register-user>`;

  it('put them into a dynamic user group, end by themselves, and always survive a reboot', async test => {
    const { tags, simulator, clock } = await tagBench(test);
    await tags.send(registerUser('corp\\alice', 900));
    await tags.send(registerUser('corp\\bob', 900));
    assert.deepEqual(await tags.userGroup('quota-users'), ['corp\\bob', 'corp\\alice']);
    simulator.reboot({ seconds: 60 });
    await clock.advance(899_000);
    assert.deepEqual(await tags.userGroup('quota-users'), ['corp\\bob', 'corp\\alice']);
    await clock.advance(1_000);
    assert.deepEqual(await tags.userGroup('quota-users'), []);
  });

  it('are listed by page, by user and by tag, and their failures name the user', async test => {
    const { tags, client } = await tagBench(test);
    await tags.send(registerUser('corp\\alice'));
    const show = async (options: string) =>
      (await client.op(`<show><object><registered-user>${options}</registered-user></object></show>`)).body;
    assert.deepEqual(attributes(await show('<all><limit>500</limit><start-point>1</start-point></all>'), 'user'), [
      'corp\\bob',
      'corp\\alice',
    ]);
    assert.deepEqual(attributes(await show('<all><limit>1</limit><start-point>2</start-point></all>'), 'user'), [
      'corp\\alice',
    ]);
    assert.deepEqual(attributes(await show('<user>corp\\alice</user>'), 'user'), ['corp\\alice']);
    assert.deepEqual(attributes(await show('<tag><entry name="contractor"/></tag>'), 'user'), ['corp\\bob']);
    const { body } = await tags.send(
      `<unregister-user><entry user="corp\\eve"><tag><member>quota</member></tag></entry></unregister-user>${registerUser('corp\\alice')}`,
    );
    assert.deepEqual(attributes(body, 'user'), ['corp\\eve', 'corp\\alice']);
    assert.deepEqual(messages(body), [
      'user corp\\eve does not exist, ignore unreg',
      'tag quota already exists, ignore',
    ]);
  });
});
