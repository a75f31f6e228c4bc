import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { UnclogError } from '../../../../src/core/errors.ts';
import { readHaState } from '../../../../src/devices/panos/replies/ha-state.ts';
import { readIngressBacklogs } from '../../../../src/devices/panos/replies/ingress-backlogs.ts';
import { readRunningJobs } from '../../../../src/devices/panos/replies/jobs.ts';
import { readPacketBufferProtection } from '../../../../src/devices/panos/replies/packet-buffer-protection.ts';
import { readResourceMonitor } from '../../../../src/devices/panos/replies/resource-monitor.ts';
import { readSessionDetail } from '../../../../src/devices/panos/replies/session-detail.ts';
import { readSessionInfo } from '../../../../src/devices/panos/replies/session-info.ts';
import { readSystemInfo } from '../../../../src/devices/panos/replies/system-info.ts';
import type { Reply } from '../../../../src/devices/panos/reply.ts';
import { answerOf, replyOf } from '../../../support/panos-driver.ts';
import { sharedDir, sharedMissing } from '../../../support/shared.ts';

const folder = sharedDir();
const skip = folder === undefined ? sharedMissing : false;

type Read = (reply: Reply) => unknown;

/** What each recorded body says: a value, or a pattern that the message of the error matches. */
type Expected = { readonly gives: unknown } | { readonly fails: RegExp };

/** Every file of the folders that this driver reads, with the reader that is to understand it. */
const table: Readonly<Record<string, readonly [Read, Expected]>> = {
  'system-info/aib_system_info_pa460_11.0.6-h1.xml': [
    readSystemInfo,
    {
      gives: {
        hostname: 'SANITIZED_HOST',
        model: 'PA-460',
        serial: 'SANITIZED_SERIAL',
        version: '11.0.6-h1',
        uptimeSeconds: 21 * 86_400 + 5 * 3_600 + 40 * 60 + 8,
        addresses: [],
      },
    },
  ],
  'system-info/atav928_system_info_pa5250_9.1.11_multivsys.xml': [
    readSystemInfo,
    {
      gives: {
        hostname: 'fw-sslvpn',
        model: 'PA-5250',
        serial: '013101005411',
        version: '9.1.11',
        uptimeSeconds: 77 * 86_400 + 15 * 3_600 + 3 * 60 + 57,
        addresses: ['10.0.0.29', '10.0.0.1'],
      },
    },
  ],
  'system-info/netdata_system_info.xml': [
    readSystemInfo,
    {
      gives: {
        hostname: 'edge-fw-a',
        model: 'PA-850',
        serial: '0123456789',
        version: '11.1.2',
        uptimeSeconds: 2 * 86_400 + 3 * 3_600 + 4 * 60 + 5,
        addresses: [],
      },
    },
  ],
  'system-info/pua_dataplane_clock_s3dp0_s3dp1.xml': [readSystemInfo, { fails: /no <system>/ }],
  'system-info/demisto_counter_global.xml': [readSystemInfo, { fails: /no <system>/ }],

  'resource-monitor/pbpmon_resource_monitor_second_s1dp0_s1dp1.xml': [
    readResourceMonitor,
    {
      gives: [
        { dataplane: 's1dp0', packetBuffer: 7, packetDescriptor: undefined, packetDescriptorOnChip: 9 },
        { dataplane: 's1dp1', packetBuffer: 87, packetDescriptor: undefined, packetDescriptorOnChip: 92 },
      ],
    },
  ],
  'resource-monitor/pbpmon_resource_monitor_hour_week_history.xml': [
    readResourceMonitor,
    // Another window than the last second: nothing is taken from it.
    {
      gives: [
        { dataplane: 'dp0', packetBuffer: undefined, packetDescriptor: undefined, packetDescriptorOnChip: undefined },
      ],
    },
  ],
  'resource-monitor/nagios_load_minute_dp0.xml': [
    readResourceMonitor,
    {
      gives: [
        { dataplane: 'dp0', packetBuffer: undefined, packetDescriptor: undefined, packetDescriptorOnChip: undefined },
      ],
    },
  ],
  'resource-monitor/pbpmon_show_statistics_core_functions.xml': [
    readResourceMonitor,
    { fails: /^fw: show x on m: the reply is not understood: no <data-processors>$/ },
  ],
  'resource-monitor/RECONSTRUCTED_ingress_backlogs_xml_hypothesis.xml': [
    readIngressBacklogs,
    {
      gives: {
        kind: 'sessions',
        sessions: [{ id: '6', share: 92, dataplane: 's1dp1', zone: 'trust', application: 'undecided' }],
      },
    },
  ],

  'packet-buffer-protection/RECONSTRUCTED_packet_buffer_protection_2dp_from_issue26.xml': [
    readPacketBufferProtection,
    {
      gives: [
        { dataplane: 's1dp0', congestion: 933 / 17_203, running: false, entries: [] },
        { dataplane: 's1dp1', congestion: 834 / 17_203, running: false, entries: [] },
      ],
    },
  ],
  'packet-buffer-protection/issue26_packet_buffer_protection_2dp_PARTIAL.xml.txt': [
    readPacketBufferProtection,
    { fails: /no reply of the XML API/ },
  ],
  'packet-buffer-protection/pbpmon_packet_buffer_protection_active_entries.xml': [
    readPacketBufferProtection,
    {
      gives: [
        {
          dataplane: 's1dp0',
          congestion: 54_000 / 97_280,
          running: true,
          entries: [
            { value: '54048', share: 7, zone: 'untrust', dropping: true },
            { value: '192.0.2.10', share: 5, zone: 'trust', dropping: false },
          ],
        },
      ],
    },
  ],
  // Other commands: nothing in them is mistaken for packet-buffer protection.
  'packet-buffer-protection/pbpmon_buffer_latency_2dp.xml': [readPacketBufferProtection, { gives: [] }],
  'packet-buffer-protection/pbpmon_pbp_settings_running_config.xml': [readPacketBufferProtection, { gives: [] }],
  'packet-buffer-protection/pbpmon_threat_log_pbp_packet_drop.xml': [readPacketBufferProtection, { gives: [] }],

  'sessions/pbpmon_session_info_12.2.xml': [readSessionInfo, { gives: { active: 315, limit: 200_000 } }],
  'sessions/session_filter_count.xml': [readSessionInfo, { fails: /no <num-active>, no <num-max>/ }],
  'sessions/fwmon_session_meter_multivsys_multidp.xml': [readSessionInfo, { fails: /no <num-active>/ }],
  'sessions/pua_show_session_all.xml': [readSessionDetail, { fails: /no <c2s>/ }],
  'sessions/pua_show_session_all_empty.xml': [readSessionDetail, { fails: /no <c2s>/ }],
  'sessions/RECONSTRUCTED_clear_session_success.xml': [readSessionDetail, { fails: /no <c2s>/ }],

  'ha/atav928_ha_state_pa5250_9.1.11_active.xml': [
    readHaState,
    {
      gives: {
        enabled: true,
        mode: 'active-passive',
        local: {
          state: 'active',
          stateSeconds: 7_137_025,
          priority: 100,
          preemptive: false,
          stateSync: 'complete',
          matches: [
            { name: 'url', match: false },
            ...['av', 'vpnclient', 'threat', 'vm-license', 'gpclient', 'build', 'app'].map(name => ({
              name,
              match: true,
            })),
          ],
        },
        peer: { state: 'passive', connected: true },
        configSync: 'synchronized',
        links: [
          { name: 'ha2', up: true },
          { name: 'ha1', up: true },
          { name: 'ha1-backup', up: true },
        ],
        monitoredInterfaces: [],
      },
    },
  ],
  'ha/netdata_ha_state.xml': [
    readHaState,
    {
      gives: {
        enabled: true,
        mode: 'active-passive',
        local: {
          state: 'active',
          stateSeconds: undefined,
          priority: 100,
          preemptive: undefined,
          stateSync: 'complete',
          matches: [],
        },
        peer: { state: 'passive', connected: true },
        configSync: 'synchronized',
        links: [
          { name: 'ha1', up: true },
          { name: 'ha1-backup', up: false },
          { name: 'ha2', up: true },
          { name: 'ha2-backup', up: true },
        ],
        monitoredInterfaces: [],
      },
    },
  ],
  'ha/netspoc_ha_state_active_active_minimal.xml': [
    readHaState,
    {
      gives: {
        enabled: true,
        mode: 'active-active',
        local: {
          state: 'active-primary',
          stateSeconds: undefined,
          priority: undefined,
          preemptive: undefined,
          stateSync: undefined,
          matches: [],
        },
        peer: undefined,
        configSync: undefined,
        links: [],
        monitoredInterfaces: [],
      },
    },
  ],
  'ha/demisto_ha_state_disabled.xml': [readHaState, { gives: { enabled: false } }],
  'ha/perl_ha_state_disabled_pa.xml': [readHaState, { gives: { enabled: false } }],
  // Panorama's vocabulary is another one: a firewall that used it would not be understood.
  'ha/demisto_ha_state_panorama_10.1.5_primary-active.xml': [
    readHaState,
    {
      gives: {
        enabled: true,
        mode: 'unknown',
        local: {
          state: 'unknown',
          stateSeconds: 10_840,
          priority: undefined,
          preemptive: false,
          stateSync: undefined,
          matches: ['url', 'av', 'build', 'iot', 'app'].map(name => ({ name, match: true })),
        },
        peer: { state: 'unknown', connected: true },
        configSync: 'not-synchronized',
        links: [{ name: 'ha1', up: true }],
        monitoredInterfaces: [],
      },
    },
  ],
  // What the command line prints is no reply of the API.
  'cli-text/ntc_cli_show_ha_all_pa5020_6.1.10.txt': [readHaState, { fails: /no <enabled>/ }],
  'cli-text/ntc_cli_show_ha_path_monitoring.txt': [readHaState, { fails: /no <enabled>/ }],

  'jobs-and-commit/show-jobs-all_one.xml': [readRunningJobs, { gives: [] }],
  'jobs-and-commit/show-jobs-all_multi.xml': [readRunningJobs, { gives: [] }],
  'jobs-and-commit/show-jobs-id_commit_FIN_OK.xml': [readRunningJobs, { gives: [] }],
  'jobs-and-commit/show-jobs-id_commit_ACT_PEND.xml': [readRunningJobs, { gives: [{ id: '271', type: 'Commit' }] }],
  'jobs-and-commit/panorama_show-jobs-ok.xml': [readRunningJobs, { gives: [] }],
  'jobs-and-commit/commit_enqueued.xml': [readRunningJobs, { fails: /job of unknown type without a status/ }],
};

describe('recorded replies', { skip }, () => {
  for (const [file, [read, expected]] of Object.entries(table)) {
    test(file, () => {
      const body = readFileSync(join(folder ?? '', 'device-outputs/panos', file), 'utf8');
      if ('gives' in expected) return assert.deepEqual(read(replyOf(body)), expected.gives);
      return assert.throws(
        () => read(replyOf(body)),
        (error: unknown) => error instanceof UnclogError && expected.fails.test(error.message),
      );
    });
  }

  for (const name of ['system-info', 'resource-monitor', 'packet-buffer-protection', 'sessions', 'ha']) {
    test(`no file of ${name} is left out`, () => {
      const files = readdirSync(join(folder ?? '', 'device-outputs/panos', name));
      const missing = files.filter(file => !(`${name}/${file}` in table));
      assert.deepEqual(missing, []);
    });
  }
});

/** Bodies of errors, the HTTP status they come with, and what they are taken for. */
const faults: Readonly<Record<string, readonly [status: number, kind: string, text: RegExp]>> = {
  'keygen_invalid_credential_http403.xml': [403, 'credentials', /^code 403, "Invalid Credential"$/],
  'error_unauth_22_session-timed-out_HTTP200.xml': [200, 'session-expired', /^code 22, "Session timed out"$/],
  'error_403_user-id-not-authorized_transient-during-commit_HTTP403.xml': [
    403,
    'commit-window',
    /^"Type \[user-id\] not authorized for user role"$/,
  ],
  'nagios_error.xml': [200, 'unsupported', /^code 17, no text$/],
  'nagios_not_authorized.xml': [200, 'credentials', /^code 403, no text$/],
};

describe('recorded errors', { skip }, () => {
  const read = (file: string) =>
    readFileSync(join(folder ?? '', 'device-outputs/panos/keygen-and-errors', file), 'utf8');

  for (const [file, [status, kind, text]] of Object.entries(faults)) {
    test(file, () => {
      const outcome = answerOf(read(file), status);
      assert.ok('fault' in outcome);
      assert.equal(outcome.fault.kind, kind);
      assert.match(outcome.fault.text, text);
    });
  }

  test('keygen answers in both quotings give the key', () => {
    const key = (file: string) => {
      const outcome = answerOf(read(file));
      assert.ok('reply' in outcome);
      return outcome.reply.result.children[0]?.text;
    };
    assert.equal(key('aib_keygen_response.xml'), 'REDACTED_API_KEY');
    assert.equal(key('centreon_keygen.xml'), 'D@pAs$W@rD');
  });

  test('code 19 without a job is a success', () => {
    assert.ok('reply' in answerOf(read('aib_config_complete_response.xml')));
  });

  test('success with code 7, an error without a code, CDATA lines and entities are all errors with their text', () => {
    const bodies = read('pango_error_bodies.txt').trim().split('\n');
    const texts = bodies.map(body => {
      const outcome = answerOf(body);
      return 'fault' in outcome ? `${outcome.fault.kind}: ${outcome.fault.text}` : 'success';
    });
    assert.equal(texts[0], 'absent: code 7, no text');
    assert.equal(texts[1], 'absent: "No such node"');
    assert.match(
      texts[2] ?? '',
      /^other: code 12, "tf123456 -> server -> first server is invalid\. .* tf123456 -> server is invalid"$/,
    );
    assert.equal(texts[3], 'other: code 400, "Parameter "format" is required while exporting certificate"');
  });

  test('no file is left out', () => {
    const others = [
      'aib_keygen_response.xml',
      'centreon_keygen.xml',
      'aib_config_complete_response.xml',
      'pango_error_bodies.txt',
    ];
    const files = readdirSync(join(folder ?? '', 'device-outputs/panos/keygen-and-errors'));
    assert.deepEqual(
      files.filter(file => !(file in faults) && !others.includes(file)),
      [],
    );
  });
});
