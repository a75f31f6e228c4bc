import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PartialResult } from '../../../../src/core/errors.ts';
import type { Sample } from '../../../../src/core/sample.ts';
import { packetBuffer } from '../../../../src/devices/panos/collectors/packet-buffer.ts';
import { sessions } from '../../../../src/devices/panos/collectors/sessions.ts';
import { system } from '../../../../src/devices/panos/collectors/system.ts';
import { panos } from '../../../../src/devices/panos/index.ts';
import { PA_VM } from '../../../../src/simulators/panos/state/platform.ts';
import { lines, observer } from '../../../support/observed.ts';
import { openWith, driverBench, secretSource } from '../../../support/panos-driver.ts';

/** `name{labels} value`, without the ports that differ from run to run. */
function told(samples: readonly Sample[]): readonly string[] {
  return samples
    .map(({ metric, labels, value }) => {
      const inside = Object.entries(labels).map(([name, text]) => `${name}=${text.replace(/^127\.0\.0\.1:\d+$/, 'M')}`);
      return `${metric.name}{${inside.join(',')}} ${value}`;
    })
    .sort();
}

describe('the collector system', () => {
  test('tells what a member is and how long it runs, in one call', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    const [info, uptime] = told(await system.collect(bench.session, bench.signal));
    assert.equal(
      info,
      'panos_system_info{member=127.0.0.1,hostname=fw-edge,model=PA-5250,serial=012301000001,sw_version=11.1.4-h7} 1',
    );
    assert.match(uptime ?? '', /^panos_uptime_seconds\{member=127\.0\.0\.1\} 18144\d\d$/);
    assert.equal(bench.simulator.log().length, 1);
  });
});

describe('the collector packet-buffer', () => {
  test('gives every dataplane of its own, as ratios, in two calls', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    bench.simulator.abuse({ dataplane: 's1dp1', raiseTo: 87 });
    const found = told(await packetBuffer.collect(bench.session, bench.signal));
    assert.ok(found.includes('panos_packet_buffer_ratio{member=127.0.0.1,dataplane=s1dp0} 0.07'), found.join('\n'));
    assert.ok(found.includes('panos_packet_buffer_ratio{member=127.0.0.1,dataplane=s1dp1} 0.87'), found.join('\n'));
    assert.equal(found.length, 8);
    assert.equal(bench.simulator.log().length, 2);
  });

  test('gives no on-chip descriptors and no protection where the platform has none', async () => {
    await using bench = await driverBench({ platform: PA_VM, behaviour: { protection: 'off' } });
    const names = (await packetBuffer.collect(bench.session, bench.signal)).map(({ metric }) => metric.name);
    assert.deepEqual(names.sort(), ['panos_packet_buffer_ratio', 'panos_packet_descriptor_ratio']);
  });

  test('labels the protection of a one-slot platform like its resource monitor', async () => {
    await using bench = await driverBench({ platform: PA_VM });
    const samples = await packetBuffer.collect(bench.session, bench.signal);
    assert.deepEqual(new Set(samples.map(({ labels }) => labels['dataplane'])), new Set(['dp0']));
    assert.ok(samples.some(({ metric }) => metric.name === 'panos_packet_buffer_protection_congestion_ratio'));
  });

  for (const kind of ['malformed', 'truncated', 'empty', 'unauthorized', 'html'] as const) {
    test(`fails, and gives no zero, when the answer is ${kind}`, async () => {
      await using bench = await driverBench({ credentials: 'key' });
      bench.simulator.fault({ kind, command: 'show running resource-monitor', times: 'always' });
      await assert.rejects(packetBuffer.collect(bench.session, bench.signal));
    });
  }
});

describe('the collector sessions', () => {
  test('gives the sessions and their limit, in one call', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    const [active, limit] = await sessions.collect(bench.session, bench.signal);
    assert.equal(active?.metric.name, 'panos_sessions');
    assert.ok(Number(active?.value) > 0);
    assert.deepEqual([limit?.metric.name, limit?.value], ['panos_sessions_limit', 8_000_000]);
    assert.equal(bench.simulator.log().length, 1);
  });

  test('gives what is there and nothing for what is not', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    const body = '<response status="success"><result><num-max>100</num-max></result></response>';
    bench.simulator.fault({ kind: 'reply', status: 200, body });
    const samples = await sessions.collect(bench.session, bench.signal);
    assert.deepEqual(
      samples.map(({ metric, value }) => [metric.name, value]),
      [['panos_sessions_limit', 100]],
    );
  });
});

describe('every collector', () => {
  test('gives both members of a pair, with one call a member and command, all at the same time', async () => {
    await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
    const results = await Promise.all(panos.collectors.map(one => one.collect(bench.session, bench.signal)));
    const members = new Set(results.flat().flatMap(({ labels }) => labels['member'] ?? []));
    assert.equal(members.size, 2);
    assert.equal(bench.simulator.log().length, 10);
  });

  test('gives the samples of one member when the other cannot be read, and says so', async () => {
    // Those in the background ask only where they are switched on.
    for (const collector of panos.collectors.filter(({ cadence }) => cadence === 'scrape')) {
      await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
      bench.simulator.fault({ kind: 'reset-before', member: 'fw-edge-2', times: 'always' });
      await assert.rejects(collector.collect(bench.session, bench.signal), (error: unknown) => {
        assert.ok(error instanceof PartialResult);
        assert.ok(error.samples.length > 0);
        const members = error.samples.flatMap(({ labels }) => labels['member'] ?? []);
        assert.equal(new Set(members).size, 1);
        assert.match(error.message, /^fw-edge: show .* on 127\.0\.0\.1:\d+: connection /);
        return true;
      });
    }
  });

  test('gives the samples of one member when the other hangs until the deadline of the scrape', async () => {
    await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
    await system.collect(bench.session, bench.signal);
    bench.simulator.fault({ kind: 'hang', member: 'fw-edge-2', times: 'always' });
    const { observer: eyes } = observer([
      { name: 'fw-edge', driver: 'panos', session: bench.session, collectors: panos.collectors },
    ]);
    const page = await lines(await eyes.observe({ deadlineMs: 300 }));
    for (const collector of ['system', 'packet-buffer', 'sessions']) {
      assert.ok(
        page.includes(`unclog_collector_success{device="fw-edge",collector="${collector}"} 0`),
        page.join('\n'),
      );
    }
    assert.ok(page.includes('unclog_device_up{device="fw-edge",driver="panos"} 1'));
    for (const name of ['panos_system_info', 'panos_packet_buffer_ratio', 'panos_sessions']) {
      assert.ok(
        page.some(line => line.startsWith(`${name}{`)),
        name,
      );
    }
  });

  test('says what is wrong with each member when none can be read', async () => {
    await using bench = await driverBench({ highAvailability: 'active-passive', credentials: 'key' });
    bench.simulator.fault({ kind: 'reset-before', times: 'always' });
    await assert.rejects(system.collect(bench.session, bench.signal), (error: unknown) => {
      assert.ok(error instanceof PartialResult);
      assert.deepEqual(error.samples, []);
      assert.equal(error.errors.length, 2);
      return true;
    });
  });

  test('labels a member by its host, and by its port only where two share it', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    const session = openWith({
      name: 'fw-edge',
      driver: 'panos',
      addresses: [bench.simulator.addresses[0] ?? '', 'https://192.0.2.1:8443'],
      credentials: { kind: 'key', key: secretSource('key', bench.simulator.apiKey) },
      tls: { kind: 'none' },
    });
    assert.deepEqual(
      session.members.map(({ name }) => name),
      ['127.0.0.1', '192.0.2.1'],
    );
    await session.close();
  });

  test('gives only metrics that it declares, with the labels that it declares', async () => {
    await using bench = await driverBench({ credentials: 'key' });
    for (const collector of panos.collectors) {
      for (const { metric, labels } of await collector.collect(bench.session, bench.signal)) {
        assert.ok(collector.metrics.includes(metric), metric.name);
        assert.deepEqual(Object.keys(labels), [...metric.labels]);
      }
    }
  });
});
