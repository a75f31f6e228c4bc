import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { UnclogError } from '../../../../src/core/errors.ts';
import { sumUp } from '../../../../src/devices/panos/quota/usage.ts';
import {
  readChangeOwners,
  readCommitJob,
  readJob,
  readLockHolders,
  readPendingChanges,
} from '../../../../src/devices/panos/replies/configuration-state.ts';
import { readDynamicAddressGroups } from '../../../../src/devices/panos/replies/dynamic-address-groups.ts';
import { readMappings } from '../../../../src/devices/panos/replies/ip-user-mapping.ts';
import { readRegisteredAddresses, readRegisteredUsers } from '../../../../src/devices/panos/replies/registered.ts';
import { readReport } from '../../../../src/devices/panos/replies/report.ts';
import { readSecurityRule } from '../../../../src/devices/panos/replies/security-rule.ts';
import { readUidResponse } from '../../../../src/devices/panos/replies/uid-response.ts';
import { readUserGroup } from '../../../../src/devices/panos/replies/user-group.ts';
import type { Reply } from '../../../../src/devices/panos/reply.ts';
import { answerOf, replyOf } from '../../../support/panos-driver.ts';
import { sharedDir, sharedMissing } from '../../../support/shared.ts';

const folder = sharedDir();
const skip = folder === undefined ? sharedMissing : false;

/** What each recorded body says: a value, a pattern of the error's message, or that the device said no. */
type Expected = { readonly gives: unknown } | { readonly fails: RegExp } | { readonly fault: RegExp };
type Row = readonly [(reply: Reply) => unknown, Expected];

const bob = { source: '192.0.2.10', user: 'acme\\bob', bytes: 20_000_001n };
const request: Row = [readUidResponse, { fails: /is this a PAN-OS device/ }];
const entry = (subject: string, ...tags: string[]) => ({ subject, tags });
// The list of groups is another command: nothing in it is taken for members.
const otherText: Row = [readUserGroup, { fails: /is not the text of a group/ }];
const isNo = (pattern: RegExp): Row => [() => undefined, { fault: pattern }];

const table: Readonly<Record<string, Row>> = {
  'reports/RECONSTRUCTED_report_custom_Quota_get_FIN.xml': [
    readReport,
    { gives: { kind: 'rows', rows: [bob, { source: '192.0.2.11', user: '', bytes: 1_234n }] } },
  ],
  'reports/RECONSTRUCTED_report_custom_enqueued.xml': [
    readReport,
    { gives: { kind: 'job', id: '123', percent: undefined } },
  ],
  'reports/RECONSTRUCTED_report_predefined_top-sources_direct.xml': [
    readReport,
    { gives: { kind: 'rows', rows: [bob] } },
  ],
  'reports/report_dynamic_acc-summary_TRUNCATED.xml.txt': [readReport, { fails: /no reply of the XML API/ }],
  'reports/report_top-sources_pa450_real_EXCERPT.csv': [readReport, { fails: /neither a report nor a job/ }],

  'registered-ip/registered-ip_by-ip_one.xml': [
    readRegisteredAddresses,
    {
      gives: { size: 1, entries: [entry('192.168.1.1', 'mmeld_test', 'mmeld_confidence_100', 'mmeld_pushed')] },
    },
  ],
  'registered-ip/registered-ip_by-ip_two.xml': [
    readRegisteredAddresses,
    { gives: { size: 1, entries: [entry('192.168.1.2', 'mmeld_test', 'mmeld_confidence_100')] } },
  ],
  'registered-ip/registered-ip_by-tag.xml': [
    readRegisteredAddresses,
    { gives: { size: 2, entries: [entry('192.168.1.1', 'mmeld_test'), entry('192.168.1.2', 'mmeld_test')] } },
  ],
  'registered-ip/registered-ip_by-ip_dotted-tags.xml': [
    readRegisteredAddresses,
    {
      gives: {
        size: 1,
        entries: [entry('10.1.129.5', 'azure.vnet-name.Vnet-WestUS-Prod-Core', 'azure.region.westus')],
      },
    },
  ],
  'registered-ip/registered-ip_all_outfile_panos71_over500.xml': [
    readRegisteredAddresses,
    { fails: /a message in place of entries/ },
  ],
  'registered-ip/dynamic-address-group_all.xml': [
    readDynamicAddressGroups,
    { gives: [{ name: 'testBlock', filter: "'malicious'", addresses: new Set(['10.0.0.1', '10.0.0.2']) }] },
  ],
  'registered-ip/dynamic-address-group_ngfw_multi.xml': [
    readDynamicAddressGroups,
    {
      gives: [
        { name: 'DAG-Infected', filter: "'infected'", addresses: new Set(['1.2.2.2']) },
        { name: 'DAG-Quarantine', filter: "'infected' or 'risky'", addresses: new Set(['1.2.2.2']) },
        { name: 'DAG-Quarantine-Shared', filter: "'infected' or 'risky'", addresses: new Set(['1.2.2.2']) },
      ],
    },
  ],
  'registered-ip/dynamic-address-group_panorama.xml': [readDynamicAddressGroups, { fails: /groups of a Panorama/ }],

  'user-id/uid-response_register_success.xml': [readUidResponse, { gives: [] }],
  'user-id/uid-response_unregister_success.xml': [readUidResponse, { gives: [] }],
  'user-id/uid-response_register_partial_error_already-exists.xml': [
    readUidResponse,
    {
      gives: [
        ['1.1.2.2', 'foo'],
        ['1.1.2.2', 'bar'],
        ['1.1.1.1', 'foo'],
      ].map(([subject, tag]) => ({
        list: 'register',
        subject,
        message: `tag ${tag} already exists, ignore`,
        harmless: true,
      })),
    },
  ],
  'user-id/RECONSTRUCTED_uid-response_unregister_partial_error.xml': [
    readUidResponse,
    {
      gives: [
        {
          list: 'unregister',
          subject: '192.0.2.10',
          message: 'ip 192.0.2.10 does not exist, ignore unreg',
          harmless: true,
        },
      ],
    },
  ],
  // A text that nobody knows is a failed entry.
  'user-id/RECONSTRUCTED_uid-response_register-user_error.xml': [
    readUidResponse,
    { gives: [{ list: 'register-user', subject: 'acme\\bob', message: '...', harmless: false }] },
  ],
  'user-id/uid-response_logout_delete-mapping-failed.xml': [
    readUidResponse,
    { gives: [{ list: 'logout', subject: '10.1.1.1', message: 'Delete mapping failed', harmless: false }] },
  ],
  // What is sent, not what is answered: never taken for an answer.
  'user-id/request_uid_groups_api-lab.xml': request,
  'user-id/request_uid_register-user_api-lab.xml': request,
  'user-id/request_uid_register_api-lab.xml': request,
  'user-id/request_uid_register_ranges_panos10_api-lab.xml': request,
  'user-id/request_uid_register_timeout_persistent.xml': request,
  'user-id/request_uid_unregister-user_register-user_combined_api-lab.xml': request,
  'user-id/request_uid_unregister.xml': request,

  'users-and-groups/ip-user-mapping_all.xml': [
    readMappings,
    {
      gives: [
        { address: '192.9.202.79', user: 'domain\\user1' },
        { address: '192.9.200.64', user: 'domain\\user2' },
        { address: '192.9.201.141', user: 'domain\\user3' },
        { address: '192.9.202.80', user: 'another_domain\\user4' },
        { address: '192.9.201.29', user: 'another_domain\\user5' },
        { address: '192.168.24.8', user: 'another_domain\\user6' },
      ],
    },
  ],
  'users-and-groups/ip-user-mapping_all_empty.xml': [readMappings, { gives: [] }],
  'users-and-groups/ip-user-mapping_ip_GP.xml': [
    readMappings,
    { gives: [{ address: '10.100.76.13', user: 'labvpnuser1' }] },
  ],
  'users-and-groups/ip-user-mapping_ip_not-logged-in.xml': [readMappings, { gives: [] }],
  'users-and-groups/registered-user_all_multi.xml': [
    readRegisteredUsers,
    {
      gives: {
        size: 2,
        entries: [entry('mydomain\\user1', 'tag1', 'tag2'), entry('mydomain\\user2', 'tag3', 'tag4')],
      },
    },
  ],
  'users-and-groups/user-group-list_91_all.xml': otherText,
  'users-and-groups/user-group-list_91_dynamic.xml': otherText,
  'users-and-groups/user-group-list_91_none.xml': otherText,
  'users-and-groups/user-group-list_two.xml': otherText,
  'users-and-groups/user-group-name_91_dynamic-members.xml': [
    readUserGroup,
    { gives: ['nam\\jsmith', 'panw\\garfield'] },
  ],
  'users-and-groups/user-group-name_91_not-exist.xml': [readUserGroup, { gives: undefined }],
  'users-and-groups/user-group-name_dynamic-empty.xml': [readUserGroup, { gives: [] }],
  'users-and-groups/user-group-name_xmlapi-members.xml': [readUserGroup, { gives: ['london', 'elektricity'] }],

  'jobs-and-commit/check-pending-changes_no.xml': [readPendingChanges, { gives: false }],
  'jobs-and-commit/check-pending-changes_yes.xml': [readPendingChanges, { gives: true }],
  'jobs-and-commit/commit_enqueued.xml': [readCommitJob, { gives: '271' }],
  'jobs-and-commit/panorama_commit-ok.xml': [readCommitJob, { gives: '70' }],
  'jobs-and-commit/config_set_success.xml': [readCommitJob, { gives: undefined }],
  'jobs-and-commit/panorama_commit-nok.xml': isNo(/^denied: code 14, "Other administrators are holding/),
  'jobs-and-commit/panorama_pending-changes.xml': [readChangeOwners, { gives: ['xxx'] }],
  'jobs-and-commit/panorama_no-pending-changes.xml': [readChangeOwners, { gives: [] }],
  'jobs-and-commit/panorama_commit-locks.xml': [readLockHolders, { gives: ['xxx'] }],
  'jobs-and-commit/panorama_config-locks.xml': [readLockHolders, { gives: ['xxx'] }],
  'jobs-and-commit/panorama_no-commit-locks.xml': [readLockHolders, { gives: [] }],
  'jobs-and-commit/panorama_no-config-locks.xml': [readLockHolders, { gives: [] }],
  'jobs-and-commit/panorama_take-commit-lock-ok.xml': [readLockHolders, { gives: [] }],
  'jobs-and-commit/panorama_take-config-lock-ok.xml': [readLockHolders, { gives: [] }],
  'jobs-and-commit/panorama_take-commit-lock-nok.xml': isNo(/Commit lock is already held by xxx/),
  'jobs-and-commit/panorama_take-config-lock-nok.xml': isNo(/Config lock is already held by xxx/),
  'jobs-and-commit/panorama_remove-commit-lock-ok.xml': [readLockHolders, { gives: [] }],
  'jobs-and-commit/panorama_remove-config-lock-ok.xml': [readLockHolders, { gives: [] }],
  'jobs-and-commit/panorama_remove-commit-lock-nok.xml': isNo(/Commit is not currently locked for scope shared/),
  'jobs-and-commit/panorama_remove-config-lock-nok.xml': isNo(/Config is not currently locked for scope shared/),
  'jobs-and-commit/panorama_revert-ok.xml': [readCommitJob, { gives: undefined }],
  'jobs-and-commit/panorama_revert-nok.xml': isNo(/Failed to revert configuration/),
  'jobs-and-commit/panorama_show-jobs-nok.xml': isNo(/job 19 not found/),
  'jobs-and-commit/panorama_show-jobs-ok.xml': [
    reply => ({ ...readJob(reply), detail: '' }),
    { gives: { finished: true, succeeded: true, detail: '' } },
  ],
  'jobs-and-commit/show-jobs-id_commit_ACT_PEND.xml': [
    readJob,
    { gives: { finished: false, succeeded: false, detail: 'PEND' } },
  ],
  'jobs-and-commit/show-jobs-id_commit_FIN_OK.xml': [
    reply => ({ ...readJob(reply), detail: '' }),
    { gives: { finished: true, succeeded: true, detail: '' } },
  ],
  // Several jobs: which one was meant is not known.
  'jobs-and-commit/show-jobs-all_multi.xml': [readJob, { fails: /no job with a status/ }],
  'jobs-and-commit/show-jobs-all_one.xml': [readJob, { gives: { finished: true, succeeded: true, detail: 'OK' } }],
  'jobs-and-commit/panxapi_show-jobs-id_json.txt': [readJob, { fails: /no job with a status/ }],
  'jobs-and-commit/aib_config_security_rules_response.xml': [
    reply => readSecurityRule(reply, 'SANITIZED_ENTRY'),
    { gives: { action: 'allow', description: '', disabled: false, sourceUsers: ['SANITIZED_MEMBER'] } },
  ],
};

describe('recorded replies about quotas', { skip }, () => {
  for (const [file, [read, expected]] of Object.entries(table)) {
    test(file, () => {
      const body = readFileSync(join(folder ?? '', 'device-outputs/panos', file), 'utf8');
      if ('fault' in expected) {
        const outcome = answerOf(body);
        assert.ok('fault' in outcome);
        return assert.match(`${outcome.fault.kind}: ${outcome.fault.text}`, expected.fault);
      }
      const asSent = body.trimStart().startsWith('<report') || body.includes('<uid-message>');
      const reading = () => {
        if (!asSent) return read(replyOf(body));
        const outcome = answerOf(body);
        assert.ok('reply' in outcome);
        return read(outcome.reply);
      };
      if ('gives' in expected) return assert.deepEqual(reading(), expected.gives);
      return assert.throws(
        reading,
        (error: unknown) => error instanceof UnclogError && expected.fails.test(error.message),
      );
    });
  }

  for (const name of ['reports', 'registered-ip', 'user-id', 'users-and-groups', 'jobs-and-commit']) {
    test(`no file of ${name} is left out`, () => {
      const files = readdirSync(join(folder ?? '', 'device-outputs/panos', name));
      assert.deepEqual(
        files.filter(file => !(`${name}/${file}` in table)),
        [],
      );
    });
  }

  test('the rows of a real PA-450, where no user is known: addresses are summed, users are none', () => {
    const file = join(folder ?? '', 'device-outputs/panos/reports/report_top-sources_pa450_real_EXCERPT.csv');
    const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    const rows = lines.map(line => {
      const [, source = '', , user = '', , , , bytes = ''] = line.split(',');
      return { source, user, bytes: BigInt(bytes) };
    });
    const usage = sumUp({ first: '', last: '', endsAt: 0 }, rows, 500);
    assert.equal(usage.addresses.get('192.168.11.169'), 391_167_996n + 366_996_868n + 339_472_584n);
    assert.equal(usage.users.size, 0);
    assert.equal(usage.truncated, false);
  });
});
