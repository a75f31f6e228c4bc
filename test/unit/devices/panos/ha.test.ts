import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PartialResult, UnclogError } from '../../../../src/core/errors.ts';
import type { Sample } from '../../../../src/core/sample.ts';
import { ha, haSamples } from '../../../../src/devices/panos/collectors/ha.ts';
import { readFloatingAddresses } from '../../../../src/devices/panos/replies/floating-addresses.ts';
import { readHaState } from '../../../../src/devices/panos/replies/ha-state.ts';
import { driverBench, replyOf } from '../../../support/panos-driver.ts';
import { sharedDir, sharedMissing } from '../../../support/shared.ts';

const folder = sharedDir();
const skip = folder === undefined ? sharedMissing : false;

/** `name{labels} value` without `panos_ha_` and the ports; the zeros of a state set are left out. */
function told(samples: readonly Sample[]): readonly string[] {
  return samples
    .filter(({ metric, value }) => value !== 0 || !/_(state|mode)$/.test(metric.name))
    .map(({ metric, labels, value }) => {
      const inside = Object.entries(labels).map(([, text]) => text.replace(/^127\.0\.0\.1:\d+$/, 'M'));
      return `${metric.name.replace('panos_ha_', '')}{${inside.join(',')}} ${value}`;
    });
}

const NOW = 10_000_000_000;

/** What each recording gives as samples of one member, or the error that it ends in. */
const table: Readonly<Record<string, readonly string[] | RegExp>> = {
  'ha/atav928_ha_state_pa5250_9.1.11_active.xml': [
    'enabled{m} 1',
    'mode{m,active-passive} 1',
    'state{m,active} 1',
    'peer_state{m,passive} 1',
    'peer_connected{m} 1',
    'link_up{m,ha2} 1',
    'link_up{m,ha1} 1',
    'link_up{m,ha1-backup} 1',
    'state_synchronized{m} 1',
    'preemptive{m} 0',
    'priority{m} 100',
    `last_state_change_timestamp_seconds{m} ${NOW / 1_000 - 7_137_025}`,
    'version_match{m,url} 0',
    'version_match{m,av} 1',
    'version_match{m,vpnclient} 1',
    'version_match{m,threat} 1',
    'version_match{m,vm-license} 1',
    'version_match{m,gpclient} 1',
    'version_match{m,build} 1',
    'version_match{m,app} 1',
  ],
  'ha/netdata_ha_state.xml': [
    'enabled{m} 1',
    'mode{m,active-passive} 1',
    'state{m,active} 1',
    'peer_state{m,passive} 1',
    'peer_connected{m} 1',
    'link_up{m,ha1} 1',
    'link_up{m,ha1-backup} 0',
    'link_up{m,ha2} 1',
    'link_up{m,ha2-backup} 1',
    'state_synchronized{m} 1',
    'priority{m} 100',
  ],
  'ha/netspoc_ha_state_active_active_minimal.xml': [
    'enabled{m} 1',
    'mode{m,active-active} 1',
    'state{m,active-primary} 1',
  ],
  'ha/demisto_ha_state_disabled.xml': ['enabled{m} 0'],
  'ha/perl_ha_state_disabled_pa.xml': ['enabled{m} 0'],
  // Panorama: its states and priorities are other words, and are not taken for those of a firewall.
  'ha/demisto_ha_state_panorama_10.1.5_primary-active.xml': [
    'enabled{m} 1',
    'state{m,unknown} 1',
    'peer_state{m,unknown} 1',
    'peer_connected{m} 1',
    'link_up{m,ha1} 1',
    'preemptive{m} 0',
    `last_state_change_timestamp_seconds{m} ${NOW / 1_000 - 10_840}`,
    'version_match{m,url} 1',
    'version_match{m,av} 1',
    'version_match{m,build} 1',
    'version_match{m,iot} 1',
    'version_match{m,app} 1',
  ],
  'cli-text/ntc_cli_show_ha_all_pa5020_6.1.10.txt': /no <enabled>/,
  'cli-text/ntc_cli_show_ha_path_monitoring.txt': /no <enabled>/,
};

describe('recorded HA states as samples', { skip }, () => {
  for (const [file, expected] of Object.entries(table)) {
    test(file, () => {
      const body = readFileSync(join(folder ?? '', 'device-outputs/panos', file), 'utf8');
      const samples = () => told(haSamples('m', NOW, readHaState(replyOf(body)), []));
      if (!(expected instanceof RegExp)) return assert.deepEqual(samples(), expected);
      return assert.throws(samples, (error: unknown) => error instanceof UnclogError && expected.test(error.message));
    });
  }

  test('no recording of HA is left out', () => {
    const recorded = ['ha', 'cli-text'].flatMap(name =>
      readdirSync(join(folder ?? '', 'device-outputs/panos', name))
        .filter(file => /_ha_/.test(file))
        .map(file => `${name}/${file}`),
    );
    assert.deepEqual(recorded.sort(), Object.keys(table).sort());
  });
});

function state(inside: string) {
  return readHaState(replyOf(`<result><enabled>yes</enabled><group>${inside}</group></result>`));
}

describe('the state of HA', () => {
  const monitoring = (condition: string) =>
    `<link-monitoring><${condition}>any</${condition}><groups><entry><interface><entry><status>up</status><name>ethernet1/1</name></entry>` +
    `<entry><status>down</status><name>ethernet1/2</name></entry></interface><${condition}>any</${condition}><name>G</name></entry></groups></link-monitoring>`;

  test('is the same with the old and with the new names of tags', () => {
    const [old, renamed] = ['fail-cond', 'failure-condition'].map(condition =>
      state(`<mode>Active-Passive</mode>${monitoring(condition)}`),
    );
    assert.deepEqual(old, renamed);
    assert.deepEqual(old?.enabled && old.monitoredInterfaces, [
      { name: 'ethernet1/1', up: true },
      { name: 'ethernet1/2', up: false },
    ]);
  });

  test('has every link that the reply names, and no other', () => {
    const link = (name: string, status: string) => `<conn-${name}><conn-status>${status}</conn-status></conn-${name}>`;
    const found = state(
      `<peer-info><conn-status>up</conn-status>${link('ha1', 'up')}${link('ha3', 'down')}${link('hsci-b', 'up')}` +
        `${link('mgmt', 'resting')}${link('ha2', 'up')}${link('ha2', 'down')}${link('bad.name', 'up')}</peer-info>`,
    );
    assert.deepEqual(found.enabled && found.links, [
      { name: 'ha1', up: true },
      { name: 'ha3', up: false },
      { name: 'hsci-b', up: true },
      // Words that are not known, and words that contradict each other, are no state.
      { name: 'mgmt', up: undefined },
      { name: 'ha2', up: undefined },
    ]);
    assert.deepEqual(
      told(haSamples('m', NOW, found, [])).filter(line => line.startsWith('link_up')),
      ['link_up{m,ha1} 1', 'link_up{m,ha3} 0', 'link_up{m,hsci-b} 1'],
    );
  });

  test('knows every word for the synchronization of the configuration', () => {
    const words = {
      '<running-sync>synchronized</running-sync>': 'synchronized',
      '<running-sync>not synchronized</running-sync>': 'not-synchronized',
      '<running-sync>synchronization in progress</running-sync>': 'in-progress',
      '<running-sync>sideways</running-sync>': 'unknown',
      '<running-sync>not synchronized</running-sync><running-sync-enabled>no</running-sync-enabled>': 'disabled',
      '': undefined,
    };
    for (const [text, expected] of Object.entries(words)) {
      const found = state(text);
      assert.equal(found.enabled && found.configSync, expected, text);
    }
  });
});

describe('floating addresses', () => {
  const read = (inside: string) => readFloatingAddresses(replyOf(`<result>${inside}</result>`));

  test('are taken from elements with one address and a plain yes or no', () => {
    const entry = (ip: string, active: string) => `<entry><ip>${ip}</ip><active>${active}</active></entry>`;
    const found = read(`<interface>${entry('10.1.1.100', 'yes')}${entry('2001:DB8::1/64', 'no')}</interface>`);
    assert.deepEqual(found, [
      { address: '10.1.1.100', active: true },
      { address: '2001:db8::1', active: false },
    ]);
  });

  test('are taken from text as the command line prints it', () => {
    const text =
      'Total virtual addresses configured: 2\n Interface: ethernet1/1\n' +
      '  10.1.1.100                     Active:yes   Type:floating\n  10.1.1.101   Active:no    Type:arp-load-sharing\n';
    assert.deepEqual(read(`<![CDATA[${text}]]>`), [
      { address: '10.1.1.100', active: true },
      { address: '10.1.1.101', active: false },
    ]);
  });

  for (const inside of [
    '',
    '<entry><ip>10.0.0.1</ip></entry>',
    '<entry><ip>10.0.0.1</ip><active>maybe</active></entry>',
    '<entry><ip>10.0.0.1</ip><peer>10.0.0.2</peer><active>yes</active></entry>',
    '<entry><ip>10.0.0.1</ip><active>yes</active></entry><entry><ip>10.0.0.1</ip><active>no</active></entry>',
    '<entry><name>ethernet1/1</name><active>yes</active></entry>',
  ]) {
    test(`are none in ${inside || 'an empty reply'}`, () => {
      assert.deepEqual(read(inside), []);
    });
  }
});

describe('the collector ha', () => {
  test('gives both members, their links and one sample for the configuration', async () => {
    await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
    bench.simulator.trouble({ kind: 'high-availability', links: { 'ha1-backup': false }, preemptive: true });
    const lines = told(await ha.collect(bench.session, bench.signal));
    for (const line of [
      'enabled{M} 1',
      'state{M,active} 1',
      'state{M,passive} 1',
      'peer_state{M,active} 1',
      'link_up{M,ha1} 1',
      'link_up{M,ha1-backup} 0',
      'link_up{M,ha2} 1',
      'preemptive{M} 1',
      'priority{M} 100',
      'priority{M} 110',
      'config_synchronized{} 1',
    ]) {
      assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
    }
    assert.equal(lines.filter(line => line.startsWith('config_synchronized')).length, 1);
    assert.ok(!lines.some(line => line.includes('ha3') || line.includes('ha2-backup')));
    assert.equal(bench.simulator.log().length, 2);
  });

  test('gives exactly one state a member, and all the others as 0', async () => {
    await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
    const samples = await ha.collect(bench.session, bench.signal);
    const states = samples.filter(({ metric }) => metric.name === 'panos_ha_state');
    assert.equal(states.length, 2 * 9);
    assert.equal(states.filter(({ value }) => value === 1).length, 2);
  });

  for (const word of ['not synchronized', 'synchronization in progress']) {
    test(`gives 0 for a configuration that is ${word}`, async () => {
      await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
      bench.simulator.trouble({ kind: 'high-availability', configSync: word });
      assert.ok(told(await ha.collect(bench.session, bench.signal)).includes('config_synchronized{} 0'));
    });
  }

  test('shows a failover and when it was', async () => {
    await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
    const before = await ha.collect(bench.session, bench.signal);
    bench.simulator.failover();
    const after = await ha.collect(bench.session, bench.signal);
    const since = (samples: readonly Sample[]) =>
      samples.filter(({ metric }) => metric.name.endsWith('timestamp_seconds')).map(({ value }) => Number(value));
    assert.ok(since(before).every(at => at < Date.now() / 1_000 - 86_400));
    assert.ok(since(after).every(at => Math.abs(at - Date.now() / 1_000) <= 2));
  });

  test('asks an active/active pair for its floating addresses, and can do without them', async () => {
    await using bench = await driverBench({ highAvailability: 'active-active', credentials: 'key' });
    const command = 'show high-availability virtual-address';
    bench.simulator.fault({ kind: 'invalid-command', command, times: 'always' });
    const lines = told(await ha.collect(bench.session, bench.signal));
    assert.ok(lines.includes('state{M,active-primary} 1') && lines.includes('state{M,active-secondary} 1'));
    assert.ok(lines.includes('link_up{M,ha3} 1'));
    assert.ok(!lines.some(line => line.startsWith('floating')));
    bench.simulator.clearFaults();
    const body =
      '<response status="success"><result><entry><ip>10.1.1.100</ip><active>yes</active></entry></result></response>';
    bench.simulator.fault({ kind: 'reply', status: 200, body, command, member: 'fw-edge-1' });
    const again = told(await ha.collect(bench.session, bench.signal));
    assert.ok(again.includes('floating_address_active{M,10.1.1.100} 1'));
  });

  test('says of a firewall without HA just that', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    assert.deepEqual(told(await ha.collect(bench.session, bench.signal)), ['enabled{127.0.0.1} 0']);
  });

  test('gives what one member says when the other cannot be read', async () => {
    await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
    bench.simulator.fault({ kind: 'reset-before', member: 'fw-edge-1', times: 'always' });
    await assert.rejects(ha.collect(bench.session, bench.signal), (error: unknown) => {
      assert.ok(error instanceof PartialResult);
      const lines = told(error.samples);
      assert.ok(lines.includes('state{M,passive} 1') && lines.includes('peer_state{M,active} 1'));
      assert.ok(lines.includes('config_synchronized{} 1'));
      return true;
    });
  });
});
