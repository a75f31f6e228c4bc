import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { panosBench } from '../../../support/panos-bench.ts';
import { texts } from '../../../support/panos-client.ts';
import { countOf, tagClient } from '../../../support/panos-tags.ts';

describe('User-ID of the simulated firewall', () => {
  it('maps addresses to users: one user at several, several at one, and nobody', async test => {
    const { client, clock } = await panosBench(test);
    await clock.advance(100_000);
    const { body } = await client.op('<show><user><ip-user-mapping><all/></ip-user-mapping></user></show>');
    const [addresses, users] = [texts(body, 'ip'), texts(body, 'user')];
    assert.equal(countOf(body), 7);
    assert.deepEqual(
      addresses.filter((_, index) => users[index] === 'corp\\bob'),
      ['10.1.20.12', '10.1.20.22'],
    );
    assert.deepEqual(
      users.filter((_, index) => addresses[index] === '10.1.30.5'),
      ['corp\\carol', 'corp\\dave'],
    );
    assert.equal(users[addresses.indexOf('10.1.20.14')], 'unknown');
    assert.equal(texts(body, 'timeout')[0], '2600');
  });

  it('maps one address, without a count, and follows logins and logouts', async test => {
    const { client, simulator } = await panosBench(test);
    const mapping = async (address: string) =>
      (await client.op(`<show><user><ip-user-mapping><ip>${address}</ip></ip-user-mapping></user></show>`)).body;
    assert.equal(await mapping('10.1.99.9'), '<response status="success"><result></result></response>');
    simulator.trouble({ kind: 'login', address: '10.1.99.9', user: 'corp\\eve', type: 'GP' });
    const body = await mapping('10.1.99.9');
    assert.deepEqual(texts(body, 'user'), ['corp\\eve']);
    assert.doesNotMatch(body, /<count>/);
    simulator.trouble({ kind: 'logout', address: '10.1.99.9' });
    assert.deepEqual(texts(await mapping('10.1.99.9'), 'user'), []);
  });

  it('lists groups as text with a blank behind each name, and only the dynamic ones when asked', async test => {
    const { client, simulator } = await panosBench(test);
    simulator.trouble({ kind: 'group', name: 'foo users', members: ['corp\\eve'] });
    const list = async (filter: string) =>
      (await client.op(`<show><user><group><list>${filter}</list></group></user></show>`)).body;
    const wrap = (text: string) => `<response status="success"><result><![CDATA[${text}]]></result></response>`;
    const end = (total: number) => `\nTotal: ${total}\n* : Custom Group\n\n`;
    const dn = 'cn=employees,cn=users,dc=corp,dc=example';
    assert.equal(await list(''), wrap(`\nquota-users \n${dn} \ncorp\\interns \nfoo users \n${end(4)}`));
    assert.equal(await list('<entry name="dynamic"/>'), wrap(`\nquota-users \n${end(1)}`));
    assert.equal(await list('<entry name="xmlapi"/>'), wrap(`\n${end(0)}`));
  });

  it('lists the members of a group, and says of an empty one and a missing one that there is nothing', async test => {
    const { client, simulator } = await panosBench(test);
    const tags = tagClient(client);
    assert.deepEqual(await tags.userGroup('corp\\interns'), ['corp\\carol', 'corp\\dave']);
    assert.deepEqual(await tags.userGroup('cn=employees,cn=users,dc=corp,dc=example'), [
      'corp\\alice',
      'corp\\bob',
      'corp\\carol',
      'corp\\dave',
    ]);
    simulator.trouble({ kind: 'group', name: 'corp\\interns', members: [] });
    const show = (name: string) => client.op(`<show><user><group><name>${name}</name></group></user></show>`);
    const text = "User group 'corp\\interns' does not exist or does not have members";
    assert.equal(
      (await show('corp\\interns')).body,
      `<response status="success"><result><![CDATA[\n${text}\n]]></result></response>`,
    );
    simulator.trouble({ kind: 'behaviour', missingGroup: 'not-well-formed' });
    assert.equal(
      (await show('corp\\interns')).body,
      `<response status="success"><result>\n${text}\n]]></result></response>`,
    );
  });
});
