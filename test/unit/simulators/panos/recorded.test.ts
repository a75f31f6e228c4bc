import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type PanosSimulator, startPanosSimulator } from '../../../../src/simulators/panos/simulator.ts';
import { PA_5250 } from '../../../../src/simulators/panos/state/platform.ts';
import { type PanosClient, panosClient, paths, texts } from '../../../support/panos-client.ts';
import { sharedDir, sharedMissing } from '../../../support/shared.ts';

const shared = sharedDir();

describe('the simulated firewall beside recorded replies', { skip: shared ? false : sharedMissing }, () => {
  let simulator: PanosSimulator;
  let client: PanosClient;

  before(async () => {
    simulator = await startPanosSimulator({
      highAvailability: 'active-passive',
      // The recorded HA pair ran 9.1, with the older tag names.
      platform: { ...PA_5250, version: '9.1.11' },
    });
    client = panosClient(simulator);
  });

  after(async () => {
    await client.close();
    await simulator.close();
  });

  const shown: readonly (readonly [file: string, cmd: string, absent?: readonly string[]])[] = [
    ['ha/atav928_ha_state_pa5250_9.1.11_active.xml', '<show><high-availability><state/></high-availability></show>'],
    [
      'system-info/aib_system_info_pa460_11.0.6-h1.xml',
      '<show><system><info/></system></show>',
      // Not on 9.1 (seen from 11.0 on).
      ['response/result/system/advanced-routing'],
    ],
    ['system-info/pua_dataplane_clock_s3dp0_s3dp1.xml', '<show><clock><more/></clock></show>'],
    [
      'resource-monitor/pbpmon_resource_monitor_second_s1dp0_s1dp1.xml',
      '<show><running><resource-monitor><second><last>3</last></second></resource-monitor></running></show>',
    ],
    [
      'resource-monitor/RECONSTRUCTED_ingress_backlogs_xml_hypothesis.xml',
      '<show><running><resource-monitor><ingress-backlogs/></resource-monitor></running></show>',
    ],
    [
      'packet-buffer-protection/RECONSTRUCTED_packet_buffer_protection_2dp_from_issue26.xml',
      '<show><session><packet-buffer-protection/></session></show>',
    ],
    ['sessions/pua_show_session_all.xml', '<show><session><all/></session></show>'],
    ['jobs-and-commit/show-jobs-all_multi.xml', '<show><jobs><all/></jobs></show>'],
    ['jobs-and-commit/panorama_commit-locks.xml', '<show><commit-locks/></show>'],
    ['jobs-and-commit/panorama_config-locks.xml', '<show><config-locks/></show>'],
  ];

  for (const [file, cmd, absent = []] of shown) {
    it(`has every element of ${file}`, async () => {
      simulator.abuse({ raiseTo: 92 });
      simulator.commit(0);
      simulator.trouble({ kind: 'configuration', lock: { admin: 'bob', kind: 'commit' } });
      simulator.trouble({ kind: 'configuration', lock: { admin: 'bob', kind: 'config' } });
      const { body } = await client.op(cmd);
      simulator.trouble({ kind: 'end-sessions' });
      const given = paths(body);
      const missing = [...paths(recorded(file))].filter(path => !given.has(path) && !absent.includes(path));
      assert.deepEqual(missing, []);
    });
  }

  it('lists the fields of a protection entry and of a short session info as recorded, which come without an envelope', async () => {
    simulator.abuse({ raiseTo: 92, dataplane: 's1dp0' });
    const protection = paths((await client.op('<show><session><packet-buffer-protection/></session></show>')).body);
    const info = paths((await client.op('<show><session><info/></session></show>')).body);
    simulator.trouble({ kind: 'end-sessions' });
    const wanted = (file: string) => [...paths(recorded(file))].map(path => `response/${path}`);
    const active = wanted('packet-buffer-protection/pbpmon_packet_buffer_protection_active_entries.xml');
    assert.deepEqual(
      active.filter(path => !protection.has(path)),
      [],
    );
    assert.deepEqual(
      wanted('sessions/pbpmon_session_info_12.2.xml').filter(path => !info.has(path)),
      [],
    );
  });

  const ofUserId: readonly (readonly [file: string, cmd: string])[] = [
    ['registered-ip/registered-ip_by-tag.xml', registered('ip', '<tag><entry name="printer"/></tag>')],
    ['registered-ip/registered-ip_by-ip_one.xml', registered('ip', '<ip>10.1.20.200</ip>')],
    ['users-and-groups/registered-user_all_multi.xml', registered('user', '<all/>')],
    [
      'registered-ip/dynamic-address-group_ngfw_multi.xml',
      '<show><object><dynamic-address-group><all/></dynamic-address-group></object></show>',
    ],
    ['users-and-groups/ip-user-mapping_all.xml', '<show><user><ip-user-mapping><all/></ip-user-mapping></user></show>'],
    [
      'users-and-groups/ip-user-mapping_ip_GP.xml',
      '<show><user><ip-user-mapping><ip>10.1.20.11</ip></ip-user-mapping></user></show>',
    ],
  ];
  for (const [file, cmd] of ofUserId) {
    it(`has exactly the elements and attributes of ${file}`, async () => {
      const { body } = await client.op(cmd);
      assert.deepEqual([...paths(body)].toSorted(), [...paths(recorded(file))].toSorted());
    });
  }

  const groups: readonly (readonly [file: string, members: readonly string[] | undefined, type: 'user' | 'group'])[] = [
    ['user-group-name_91_dynamic-members.xml', ['nam\\jsmith', 'panw\\garfield'], 'user'],
    ['user-group-name_dynamic-empty.xml', [], 'user'],
    ['user-group-name_xmlapi-members.xml', ['london', 'elektricity'], 'group'],
    ['user-group-name_91_not-exist.xml', undefined, 'group'],
  ];
  for (const [file, members, type] of groups) {
    it(`answers byte for byte as ${file}`, async () => {
      if (type === 'user') simulator.trouble({ kind: 'dynamic-group', type, name: 'blah', filter: `'${file}'` });
      else simulator.trouble({ kind: 'dynamic-group', type: 'user', name: 'blah' });
      if (type === 'group') simulator.trouble({ kind: 'group', name: 'blah', members });
      else for (const user of members ?? []) simulator.trouble({ kind: 'tag', user, tag: file });
      const { body } = await client.op('<show><user><group><name>blah</name></group></user></show>');
      assert.equal(body, recorded(`users-and-groups/${file}`).trim());
    });
  }

  it('judges a message as recorded, and answers its success as documented', async () => {
    const success = await client.call({ type: 'user-id', cmd: update('<register></register>') });
    assert.deepEqual(bare(success.body), bare(recorded('user-id/uid-response_register_success.xml')));
    const gone = await client.call({ type: 'user-id', cmd: update('<unregister></unregister>') });
    assert.deepEqual(bare(gone.body), bare(recorded('user-id/uid-response_unregister_success.xml')));
    const tags = (names: string) => names.replaceAll(/\w+/g, '<member>$&</member>');
    const both = `<register><entry ip="1.1.2.2"><tag>${tags('foo bar')}</tag></entry><entry ip="1.1.1.1"><tag>${tags('foo')}</tag></entry></register>`;
    await client.call({ type: 'user-id', cmd: update(both) });
    const again = await client.call({ type: 'user-id', cmd: update(`<unregister></unregister>${both}`) });
    assert.deepEqual(
      bare(again.body),
      bare(recorded('user-id/uid-response_register_partial_error_already-exists.xml')),
    );
  });

  for (const file of [
    'request_uid_register_api-lab.xml',
    'request_uid_register_timeout_persistent.xml',
    'request_uid_register_ranges_panos10_api-lab.xml',
    'request_uid_register-user_api-lab.xml',
    'request_uid_unregister-user_register-user_combined_api-lab.xml',
    'request_uid_unregister.xml',
  ]) {
    it(`takes ${file} as it is documented`, async () => {
      const alone = await startPanosSimulator();
      const asking = panosClient(alone);
      const { body } = await asking.call({ type: 'user-id', cmd: recorded(`user-id/${file}`) });
      await asking.close();
      await alone.close();
      assert.match(body, /<uid-response><version>2.0<\/version><payload>/);
      assert.doesNotMatch(body, /Failed/);
    });
  }

  it('has every element of the reconstructed report job, and its enqueueing byte for byte', async () => {
    const reports = { type: 'report', reporttype: 'custom', reportname: 'Quota' };
    simulator.trouble({ kind: 'behaviour', queryJobMs: 0 });
    const { body } = await client.call(reports);
    const [job = ''] = texts(body, 'job');
    assert.deepEqual(
      bare(body.replaceAll(job, '123')),
      bare(recorded('reports/RECONSTRUCTED_report_custom_enqueued.xml')),
    );
    const done = paths((await client.call({ type: 'report', action: 'get', 'job-id': job })).body);
    const wanted = [...paths(recorded('reports/RECONSTRUCTED_report_custom_Quota_get_FIN.xml'))];
    assert.deepEqual(
      wanted.filter(path => !done.has(path)),
      [],
    );
  });

  it('answers a log query as recorded: enqueued, empty, refused, and every field of a denied session', async () => {
    const alone = await startPanosSimulator({ behaviour: { queryJobMs: 0 } });
    const asking = panosClient(alone);
    const call = { type: 'log', 'log-type': 'traffic' };
    const get = (job: number) => asking.call({ type: 'log', action: 'get', 'job-id': String(job) });
    const query = '(addr.dst eq example.com) and (port.dst eq 443)';
    const refused = await asking.call({ ...call, query });
    const enqueued = await asking.call(call);
    const empty = await get(278);
    alone.trouble({ kind: 'traffic', action: 'deny', application: 'not-applicable', sessionEndReason: 'policy-deny' });
    await asking.call(call);
    const denied = await get(279);
    await asking.close();
    await alone.close();
    assert.equal(enqueued.body, recorded('traffic-logs/aib_log_submit_response.xml').trim());
    assert.equal(
      refused.body.replaceAll('&#39;', "'"),
      recorded('traffic-logs/aib_log_submit_error_code17.xml').trim(),
    );
    const timeless = (body: string) => bare(body).replaceAll(/\d\d:\d\d:\d\d/g, '15:08:55');
    assert.equal(timeless(empty.body), timeless(recorded('traffic-logs/aib_log_poll_fin_empty.xml')));
    const given = paths(denied.body);
    const wanted = [...paths(recorded('traffic-logs/aib_log_poll_fin_20_denies.xml'))];
    // The codes of the places of source and destination were masked away.
    const masked = wanted.filter(path => /(src|dst)loc\/@/.test(path));
    assert.deepEqual(
      wanted.filter(path => !given.has(path)),
      masked,
    );
    assert.deepEqual(
      [...given].filter(path => !wanted.includes(path)),
      [],
    );
  });

  it('lists rules with every element of the recorded rulebase, and changes of others as recorded', async () => {
    const alone = await startPanosSimulator();
    const asking = panosClient(alone);
    alone.trouble({ kind: 'configuration', pendingChanges: true });
    const xpath = '/config/devices/entry/vsys/entry/rulebase/security/rules';
    const given = paths((await asking.call({ type: 'config', action: 'show', xpath })).body);
    const wanted = [...paths(recorded('jobs-and-commit/aib_config_security_rules_response.xml'))];
    const changes = await asking.op('<show><config><list><changes/></list></config></show>');
    alone.trouble({ kind: 'configuration', pendingChanges: false });
    const none = await asking.op('<show><config><list><changes/></list></config></show>');
    await asking.close();
    await alone.close();
    assert.deepEqual(
      wanted.filter(path => !given.has(path)),
      [],
    );
    assert.deepEqual(paths(changes.body), paths(recorded('jobs-and-commit/panorama_pending-changes.xml')));
    assert.equal(none.body, recorded('jobs-and-commit/panorama_no-pending-changes.xml').trim());
  });

  it('answers changes, commits and locks byte for byte as recorded, names and numbers apart', async () => {
    const alone = await startPanosSimulator({ username: 'xxx' });
    const asking = panosClient(alone);
    const answers = async (file: string, call: Readonly<Record<string, string>>) => {
      const { body } = await asking.call(call);
      assert.equal(bare(body), bare(recorded(`jobs-and-commit/${file}`)), file);
    };
    const xpath = "/config/devices/entry/vsys/entry/rulebase/security/rules/entry[@name='allow-voice']";
    const lock = (kind: string, what: string) => ({
      type: 'op',
      cmd: `<request><${kind}-lock><${what}/></${kind}-lock></request>`,
    });
    await answers('config_set_success.xml', {
      type: 'config',
      action: 'set',
      xpath,
      element: '<disabled>yes</disabled>',
    });
    for (const kind of ['config', 'commit']) {
      await answers(`panorama_remove-${kind}-lock-nok.xml`, lock(kind, 'remove'));
      await answers(`panorama_take-${kind}-lock-ok.xml`, lock(kind, 'add'));
      await answers(`panorama_take-${kind}-lock-nok.xml`, lock(kind, 'add'));
      await answers(`panorama_remove-${kind}-lock-ok.xml`, lock(kind, 'remove'));
    }
    await answers('commit_enqueued.xml', { type: 'commit', cmd: '<commit/>' });
    alone.trouble({ kind: 'configuration', lock: { admin: 'bob', kind: 'commit' } });
    await answers('panorama_commit-nok.xml', { type: 'commit', cmd: '<commit/>' });
    await asking.close();
    await alone.close();
  });

  it('answers key generation byte for byte, apart from the key', async () => {
    const login = { type: 'keygen', user: simulator.username, password: simulator.password };
    const good = await client.call(login, { key: undefined });
    assert.equal(good.status, 200);
    const expected = recorded('keygen-and-errors/aib_keygen_response.xml');
    assert.equal(good.body, expected.trim().replace('REDACTED_API_KEY', simulator.apiKey));
    const bad = await client.call({ ...login, password: 'wrong' }, { key: undefined });
    assert.deepEqual(bad, {
      status: 403,
      body: recorded('keygen-and-errors/keygen_invalid_credential_http403.xml').trim(),
    });
  });

  const exact: readonly (readonly [file: string, status: number, fault: 'session-timeout' | 'commit-window'])[] = [
    ['keygen-and-errors/error_unauth_22_session-timed-out_HTTP200.xml', 200, 'session-timeout'],
    ['keygen-and-errors/error_403_user-id-not-authorized_transient-during-commit_HTTP403.xml', 403, 'commit-window'],
  ];
  for (const [file, status, kind] of exact) {
    it(`answers a ${kind} fault byte for byte as ${file}`, async () => {
      simulator.fault({ kind });
      const reply = await client.call({ type: 'user-id', cmd: '<uid-message/>' });
      assert.deepEqual(reply, { status, body: recorded(file).trim() });
    });
  }

  const small: readonly (readonly [file: string, cmd: string])[] = [
    ['jobs-and-commit/panorama_show-jobs-nok.xml', '<show><jobs><id>19</id></jobs></show>'],
    ['jobs-and-commit/check-pending-changes_no.xml', '<check><pending-changes></pending-changes></check>'],
    [
      'sessions/session_filter_count.xml',
      '<show><session><all><filter><application>dns</application><from>trust</from><source-user>corp\\alice</source-user><count>yes</count></filter></all></session></show>',
    ],
  ];
  for (const [file, cmd] of small) {
    it(`answers byte for byte as ${file}, numbers apart`, async () => {
      const { body } = await client.op(cmd);
      assert.equal(body.replace('<member>1</member>', '<member>2</member>'), recorded(file).trim());
    });
  }

  it('lists no locks byte for byte as recorded', async () => {
    simulator.trouble({ kind: 'configuration', unlock: true });
    const commit = await client.op('<show><commit-locks/></show>');
    const config = await client.op('<show><config-locks/></show>');
    assert.equal(commit.body, recorded('jobs-and-commit/panorama_no-commit-locks.xml').trim());
    assert.equal(config.body, recorded('jobs-and-commit/panorama_no-config-locks.xml').trim());
  });

  it('says that HA is disabled as recorded', async () => {
    const alone = await startPanosSimulator();
    const asking = panosClient(alone);
    const { body } = await asking.op('<show><high-availability><state/></high-availability></show>');
    await asking.close();
    await alone.close();
    assert.deepEqual(paths(body), paths(recorded('ha/demisto_ha_state_disabled.xml')));
  });
});

function registered(what: 'ip' | 'user', options: string): string {
  return `<show><object><registered-${what}>${options}</registered-${what}></object></show>`;
}

function update(payload: string): string {
  return `<uid-message><type>update</type><payload>${payload}</payload></uid-message>`;
}

/** The document without the white space that authors of recordings put between elements. */
function bare(body: string): string {
  return body
    .replaceAll(/>\s+</g, '><')
    .replaceAll(/<([\w.-]+)([^<>]*)\/>/g, '<$1$2></$1>')
    .trim();
}

function recorded(file: string): string {
  return readFileSync(join(shared ?? '', 'device-outputs/panos', file), 'utf8');
}
