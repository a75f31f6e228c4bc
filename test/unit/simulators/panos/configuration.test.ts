import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { PanosSimulatorOptions } from '../../../../src/simulators/panos/simulator.ts';
import { panosBench } from '../../../support/panos-bench.ts';
import { texts } from '../../../support/panos-client.ts';
import { attributes } from '../../../support/panos-tags.ts';

const RULES = "/config/devices/entry[@name='localhost.localdomain']/vsys/entry[@name='vsys1']/rulebase/security/rules";
const BLOCK = `${RULES}/entry[@name='BlockQuota']`;
const SUCCEEDED = '<response status="success" code="20"><msg>command succeeded</msg></response>';
const MISSING = '<response status="success" code="7"><result/></response>';
const PARTIAL = '<commit><partial><admin><member>unclog</member></admin></partial></commit>';

async function configBench(test: TestContext, options: PanosSimulatorOptions = {}) {
  const bench = await panosBench(test, options);
  const { client, clock } = bench;
  const config = async (action: string, xpath: string, more: Readonly<Record<string, string>> = {}, member = 0) =>
    (await client.call({ type: 'config', action, xpath, ...more }, { member })).body;
  const rule = '<to><member>untrust</member></to><from><member>trust</member></from><action>deny</action>';
  const membersOf = (names: readonly string[]) => names.map(name => `<member>${name}</member>`).join('');
  return {
    ...bench,
    config,
    addRule: (users: readonly string[] = ['corp\\interns']) =>
      config('set', RULES, {
        element: `<entry name="BlockQuota">${rule}<source-user>${membersOf(users)}</source-user></entry>`,
      }),
    candidate: async (member = 0) => ruleNames(await config('get', RULES, {}, member)),
    running: async (member = 0) => ruleNames(await config('show', RULES, {}, member)),
    users: async () => memberTexts(await config('get', `${BLOCK}/source-user`)),
    commit: async (cmd = '<commit></commit>', action = '') =>
      (await client.call({ type: 'commit', cmd, ...(action === '' ? {} : { action }) })).body,
    job: async (id: string) => (await client.op(`<show><jobs><id>${id}</id></jobs></show>`)).body,
    pending: async () => texts((await client.op('<check><pending-changes/></check>')).body, 'result')[0],
    finishCommit: () => clock.advance(5_000),
  };
}

function ruleNames(body: string): readonly string[] {
  return attributes(body, 'name');
}

// Members of the candidate may carry the marks of a change.
function memberTexts(body: string): readonly string[] {
  return [...body.matchAll(/<member[^>]*>([^<]*)</g)].map(match => match[1] ?? '');
}

const FIRST = ['deny-quota-addresses', 'deny-quota-users', 'allow-voice', 'allow-internet'];

describe('the candidate configuration of the simulated firewall', () => {
  it('takes a new rule at the bottom, moves it, and leaves the running configuration alone', async test => {
    const { addRule, candidate, config, pending, running } = await configBench(test);
    assert.equal(await pending(), 'no');
    assert.equal(await addRule(), SUCCEEDED);
    assert.deepEqual(await candidate(), [...FIRST, 'BlockQuota']);
    assert.equal(await config('move', BLOCK, { where: 'top' }), SUCCEEDED);
    assert.deepEqual(await candidate(), ['BlockQuota', ...FIRST]);
    await config('move', BLOCK, { where: 'after', dst: 'allow-voice' });
    assert.equal((await candidate()).indexOf('BlockQuota'), 3);
    await config('move', BLOCK, { where: 'before', dst: 'allow-voice' });
    assert.equal((await candidate()).indexOf('BlockQuota'), 2);
    assert.deepEqual(await running(), FIRST);
    assert.equal(await pending(), 'yes');
  });

  it('merges what is set twice, so members pile up in one rule', async test => {
    const { addRule, candidate, users } = await configBench(test);
    await addRule(['corp\\a']);
    await addRule(['corp\\a', 'corp\\b']);
    assert.deepEqual(await users(), ['corp\\a', 'corp\\b']);
    assert.equal((await candidate()).filter(name => name === 'BlockQuota').length, 1);
  });

  it('deletes by the path alone: one member where the path names it, the whole node where it does not', async test => {
    const { addRule, config, users } = await configBench(test);
    await addRule(['corp\\a', 'corp\\b', 'corp\\c']);
    assert.equal(await config('delete', `${BLOCK}/source-user/member[text()='corp\\b']`), SUCCEEDED);
    assert.deepEqual(await users(), ['corp\\a', 'corp\\c']);
    assert.equal(await config('delete', `${BLOCK}/source-user/member[text()='corp\\b']`), MISSING);
    assert.equal(await config('delete', `${BLOCK}/source-user`, { element: '<member>corp\\a</member>' }), SUCCEEDED);
    assert.equal(await config('get', `${BLOCK}/source-user`), MISSING);
    assert.match(await config('get', BLOCK), /<action[^>]*>deny</);
  });

  it('replaces with edit, and only what is there', async test => {
    const { addRule, config, users } = await configBench(test);
    const element = '<source-user><member>corp\\x</member></source-user>';
    assert.equal(await config('edit', `${BLOCK}/source-user`, { element }), MISSING);
    await addRule(['corp\\a']);
    assert.equal(await config('edit', `${BLOCK}/source-user`, { element }), SUCCEEDED);
    assert.deepEqual(await users(), ['corp\\x']);
    assert.match(await config('edit', `${BLOCK}/source-user`, { element: '<source/>' }), /code="12"/);
  });

  it('shows who changed what and when in the candidate only', async test => {
    const { addRule, config, commit, finishCommit } = await configBench(test);
    await addRule();
    assert.match(
      await config('get', BLOCK),
      /<entry name="BlockQuota" admin="unclog" dirtyId="1" time="2026\/01\/05 04:00:00">/,
    );
    await commit();
    await finishCommit();
    assert.match(await config('show', BLOCK), /<entry name="BlockQuota">/);
    assert.match(await config('get', BLOCK), /<entry name="BlockQuota">/);
  });

  it('finds rules without naming device and system, and says when there is nothing or the path is wrong', async test => {
    const { config } = await configBench(test);
    assert.deepEqual(ruleNames(await config('get', '/config/devices/entry/vsys/entry/rulebase/security/rules')), FIRST);
    assert.equal(await config('get', BLOCK), MISSING);
    assert.equal(
      await config('show', BLOCK),
      '<response status="error"><msg><line>No such node</line></msg></response>',
    );
    for (const xpath of ['', '/rules', `${RULES}/entry[@name='a]`, '//rules', `${RULES}[1]`])
      assert.match(await config('get', xpath), /code="6"/, xpath);
    assert.match(await config('move', BLOCK, { where: 'top' }), /code="7"/);
    assert.match(
      await config('move', `${RULES}/entry[@name='allow-voice']`, { where: 'after', dst: 'x' }),
      /code="12"/,
    );
    assert.match(await config('set', RULES, { element: '<entry' }), /code="12"/);
  });

  it('cannot be changed while another administrator holds the lock', async test => {
    const { addRule, config, simulator, pending } = await configBench(test);
    simulator.trouble({ kind: 'configuration', lock: { admin: 'bob', kind: 'config' } });
    assert.match(await addRule(), /Config for scope shared is currently locked/);
    assert.deepEqual(ruleNames(await config('get', RULES)), FIRST);
    assert.equal(await pending(), 'no');
    simulator.trouble({ kind: 'configuration', unlock: true });
    assert.equal(await addRule(), SUCCEEDED);
  });

  it('is in the call log with its action and path, as a change only when it is one', async test => {
    const { config, simulator } = await configBench(test);
    await config('get', RULES);
    await config('move', `${RULES}/entry[@name='allow-voice']`, { where: 'top' });
    assert.deepEqual(
      simulator.log().map(({ command, changes }) => [command, changes]),
      [
        [`config get ${RULES}`, false],
        [`config move ${RULES}/entry[@name='allow-voice'] top`, true],
      ],
    );
  });
});

describe('a commit on the simulated firewall', () => {
  it('is a job that ends with the change running', async test => {
    const { addRule, clock, commit, job, pending, running } = await configBench(test);
    await addRule();
    assert.equal(
      await commit(),
      '<response status="success" code="19"><result><msg><line>Commit job enqueued with jobid 271</line></msg><job>271</job></result></response>',
    );
    await clock.advance(2_500);
    assert.match(await job('271'), /<type>Commit<\/type><status>ACT<\/status>.*<result>PEND<\/result>.*<progress>50</);
    assert.deepEqual(await running(), FIRST);
    await clock.advance(2_500);
    assert.match(await job('271'), /<status>FIN<\/status>.*<result>OK<\/result>.*Configuration committed successfully/);
    assert.deepEqual(await running(), [...FIRST, 'BlockQuota']);
    assert.equal(await pending(), 'no');
  });

  it('has no job when there is nothing to commit, unless it is forced', async test => {
    const { commit } = await configBench(test);
    const nothing = '<response status="success" code="19"><msg>There are no changes to commit.</msg></response>';
    assert.equal(await commit(), nothing);
    assert.equal(await commit(PARTIAL, 'partial'), nothing);
    assert.match(await commit('<commit><force></force></commit>'), /<job>271<\/job>/);
  });

  it('by administrator leaves the changes of others pending', async test => {
    const { addRule, client, commit, config, finishCommit, job, pending, running, simulator } = await configBench(test);
    simulator.trouble({ kind: 'configuration', pendingChanges: true });
    await addRule();
    const { body } = await client.op('<show><config><list><changes/></list></config></show>');
    assert.deepEqual(texts(body, 'owner'), ['alice', 'unclog']);
    assert.match(await commit(PARTIAL, 'partial'), /<job>271</);
    await finishCommit();
    assert.match(await job('271'), /changes to configuration by administrators: unclog /);
    assert.deepEqual(await running(), [...FIRST, 'BlockQuota']);
    assert.doesNotMatch(await config('show', RULES), /to be reviewed/);
    assert.match(await config('get', RULES), /to be reviewed/);
    assert.equal(await pending(), 'yes');
  });

  it('takes the changes of everybody in full, and by administrator too on a release that does so', async test => {
    for (const [cmd, action, partialCommit] of [
      ['<commit></commit>', '', 'own'],
      [PARTIAL, 'partial', 'everything'],
    ] as const) {
      const { addRule, commit, config, finishCommit, pending, simulator } = await configBench(test, {
        behaviour: { partialCommit },
      });
      simulator.trouble({ kind: 'configuration', change: { admin: 'bob' } });
      await addRule();
      await commit(cmd, action);
      await finishCommit();
      assert.match(await config('show', RULES), /to be reviewed/);
      assert.equal(await pending(), 'no');
    }
  });

  it('is refused during another commit, during an install, and while another holds the lock', async test => {
    const { addRule, clock, commit, simulator } = await configBench(test);
    await addRule();
    simulator.commit(30);
    assert.match(await commit(), /Another commit\/validate is in progress. Please try again later/);
    await clock.advance(30_000);
    simulator.trouble({ kind: 'job', type: 'SWInstall', seconds: 30 });
    assert.match(await commit(), /You cannot commit while an install is in progress/);
    await clock.advance(30_000);
    simulator.trouble({ kind: 'configuration', lock: { admin: 'bob', kind: 'commit' } });
    assert.match(await commit(), /code="14".*Other administrators are holding device wide commit locks\./);
    simulator.trouble({ kind: 'configuration', unlock: true });
    assert.match(await commit(), /<job>/);
  });

  it('can fail, and is lost in a reboot; both leave the old configuration running', async test => {
    const { addRule, clock, commit, finishCommit, job, pending, running, simulator } = await configBench(test, {
      behaviour: { commitResult: 'FAIL' },
    });
    await addRule();
    await commit();
    await finishCommit();
    assert.match(await job('271'), /<status>FIN<\/status>.*<result>FAIL<\/result>.*Commit failed/);
    simulator.trouble({ kind: 'behaviour', commitResult: 'OK' });
    await commit();
    simulator.reboot({ seconds: 60 });
    await clock.advance(60_000);
    assert.deepEqual(await running(), FIRST);
    assert.equal(await pending(), 'yes');
  });

  it('must name its administrators in the way of a partial commit', async test => {
    const { commit } = await configBench(test);
    assert.match(await commit(PARTIAL), /code="17"/);
    assert.match(await commit('<commit></commit>', 'partial'), /code="17"/);
    assert.match(await commit('<nonsense/>'), /code="17"/);
  });

  it('reaches the peer of a pair, or leaves the pair unsynchronized', async test => {
    for (const configSync of [true, false]) {
      const { addRule, client, commit, finishCommit, running } = await configBench(test, {
        highAvailability: 'active-passive',
        behaviour: { configSync },
      });
      await addRule();
      await commit();
      await finishCommit();
      assert.deepEqual(await running(1), configSync ? [...FIRST, 'BlockQuota'] : FIRST);
      const { body } = await client.op('<show><high-availability><state/></high-availability></show>', 1);
      assert.deepEqual(texts(body, 'running-sync'), [configSync ? 'synchronized' : 'not synchronized']);
    }
  });

  it('and every change before it are refused by a passive member', async test => {
    const { client, config } = await configBench(test, { highAvailability: 'active-passive' });
    assert.match(await config('delete', `${RULES}/entry[@name='allow-voice']`, {}, 1), /code="15"/);
    assert.match((await client.call({ type: 'commit', cmd: '<commit/>' }, { member: 1 })).body, /code="15"/);
  });
});

describe('locks of the simulated firewall', () => {
  it('are taken and given back, by their holder only', async test => {
    const { client, simulator } = await configBench(test);
    const lock = async (kind: string, what: string) =>
      (await client.op(`<request><${kind}-lock><${what}/></${kind}-lock></request>`)).body;
    assert.match(
      await lock('config', 'add'),
      /Successfully acquired lock\. .* modify configuration until lock is released by unclog\./,
    );
    assert.match(await lock('config', 'add'), /Config lock is already held by unclog/);
    assert.match(await lock('config', 'remove'), /<result>Config lock released for unclog<\/result>/);
    simulator.trouble({ kind: 'configuration', lock: { admin: 'bob', kind: 'commit' } });
    assert.match(await lock('commit', 'add'), /Commit lock is already held by bob/);
    assert.match(await lock('commit', 'remove'), /Commit is not currently locked for scope shared/);
  });
});
