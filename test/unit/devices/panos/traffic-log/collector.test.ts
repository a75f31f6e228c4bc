import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PartialResult } from '../../../../../src/core/errors.ts';
import type { Json } from '../../../../../src/core/json.ts';
import type { Sample } from '../../../../../src/core/sample.ts';
import type { DeviceMemory } from '../../../../../src/devices/contract.ts';
import { trafficLog } from '../../../../../src/devices/panos/collectors/traffic-log.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { type BenchOptions, driverBench, whileTimePasses } from '../../../../support/panos-driver.ts';

/** What the store keeps, as text: what is read is never what was written by reference. */
class TextMemory implements DeviceMemory {
  text: string | undefined;
  puts = 0;
  broken = false;

  async get(): Promise<Json | undefined> {
    return this.text === undefined ? undefined : (JSON.parse(this.text) as Json);
  }

  async put(_key: string, value: Json): Promise<void> {
    if (this.broken) throw new Error('the disk is full');
    this.puts += 1;
    this.text = JSON.stringify(value);
  }
}

async function logBench(options: BenchOptions = {}) {
  const clock = new ManualClock();
  const memory = new TextMemory();
  const bench = await driverBench({
    credentials: 'key',
    clock,
    driverClock: clock,
    memory,
    behaviour: { logFields: 'few', ...options.behaviour },
    entry: { traffic_log: { enabled: true, everyMs: 60_000 } },
    ...options,
  });
  const collect = () => whileTimePasses(clock, 100, trafficLog.collect(bench.session, bench.signal));
  const write = (order: object) => void bench.simulator.trouble({ kind: 'traffic', ...order });
  return Object.assign(bench, { clock, memory, collect, write });
}

/** Values above 0, as `metric{labels} value` without the common prefix. */
function told(samples: readonly Sample[]): readonly string[] {
  return samples
    .filter(({ value }) => value > 0)
    .map(({ metric, labels, value }) => {
      const inside = Object.values(labels).map(text => text.replace(/^127\.0\.0\.1(:\d+)?$/, 'M'));
      return `${metric.name.replace('panos_traffic_', '')}{${inside.join(',')}} ${value}`;
    })
    .sort();
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error,
  );

describe('the collector traffic-log', () => {
  test('asks nothing and gives nothing unless it is switched on', async () => {
    await using bench = await logBench({ entry: {} });
    assert.deepEqual(await bench.collect(), []);
    assert.deepEqual(bench.simulator.log(), []);
    assert.equal(bench.memory.text, undefined);
  });

  test('counts by reason, action and verdict, with bytes and what has no application', async () => {
    await using bench = await logBench();
    await bench.collect();
    bench.write({ sessions: 7, bytes: 1_000 });
    bench.write({
      sessions: 2,
      action: 'deny',
      sessionEndReason: 'policy-deny',
      application: 'not-applicable',
      bytes: 78,
    });
    bench.write({
      sessions: 3,
      action: 'reset-client',
      sessionEndReason: 'threat',
      application: 'incomplete',
      bytes: 10,
    });
    bench.write({ sessions: 4, sessionEndReason: 'resources-unavailable', application: 'unknown-udp', bytes: 5 });
    bench.write({ sessions: 5, action: 'reset-server', sessionEndReason: 'aged-out', bytes: 1 });
    assert.deepEqual(told(await bench.collect()), [
      'bytes_total{aged-out,reset-server,blocked} 5',
      'bytes_total{policy-deny,deny,blocked} 156',
      'bytes_total{resources-unavailable,allow,blocked} 20',
      'bytes_total{tcp-fin,allow,allowed} 7000',
      'bytes_total{threat,reset-client,blocked} 30',
      'sessions_total{aged-out,reset-server,blocked} 5',
      'sessions_total{policy-deny,deny,blocked} 2',
      'sessions_total{resources-unavailable,allow,blocked} 4',
      'sessions_total{tcp-fin,allow,allowed} 7',
      'sessions_total{threat,reset-client,blocked} 3',
      'unidentified_sessions_total{incomplete} 3',
      'unidentified_sessions_total{not-applicable} 2',
      'unidentified_sessions_total{unknown-udp} 4',
    ]);
  });

  test('counts words that nobody knows as other, and entries without a reason as unknown', async () => {
    await using bench = await logBench();
    await bench.collect();
    bench.write({ sessions: 2, sessionEndReason: 'abducted', action: 'shrug' });
    bench.write({ sessions: 3, without: ['session_end_reason', 'bytes', 'type'], extra: { 'new-field': 'x' } });
    bench.write({ sessions: 4, sessionEndReason: 'abducted', action: 'drop' });
    const lines = told(await bench.collect()).filter(line => line.startsWith('sessions'));
    assert.deepEqual(lines, [
      'sessions_total{other,drop,blocked} 4',
      'sessions_total{other,other,unknown} 2',
      'sessions_total{unknown,allow,allowed} 3',
    ]);
  });

  test('never counts twice, over runs, restarts and late entries', async () => {
    await using bench = await logBench();
    await bench.collect();
    let written = 0;
    for (let round = 0; round < 6; round += 1) {
      bench.write({ sessions: 700, over: 50 });
      bench.write({ sessions: 30, late: 40 });
      bench.write({ sessions: 20, sameSecond: true });
      written += 750;
      await bench.clock.advance(61_000);
      const samples = await bench.collect();
      if (round === 5) assert.deepEqual(told(samples).slice(-1), [`sessions_total{tcp-fin,allow,allowed} ${written}`]);
    }
    // What was stored is all that a restart has.
    assert.ok((bench.memory.text ?? '').length < 10_000);
  });

  test('reads 10,000 entries in queries of at most 1,000, waiting for its jobs', async () => {
    await using bench = await logBench({ behaviour: { logFields: 'few', queryQueueMs: 600, queryJobMs: 700 } });
    await bench.collect();
    bench.write({ sessions: 10_000, over: 0 });
    bench.simulator.clearLog();
    const samples = await bench.collect();
    assert.ok(told(samples).includes('sessions_total{tcp-fin,allow,allowed} 10000'), told(samples).join('\n'));
    assert.ok(!told(samples).some(line => line.startsWith('log_lag')));
    const queries = bench.simulator.log().filter(({ command }) => command.startsWith('log') && !/get/.test(command));
    assert.ok(queries.length >= 11 && queries.length <= 13, `${queries.length} queries`);
    assert.ok(Math.max(...bench.simulator.log().map(({ inFlight }) => inFlight)) === 1, 'one at a time');
  });

  test('stops after 20 queries, says how far behind it is, and goes on at the next run', async () => {
    await using bench = await logBench({ behaviour: { logFields: 'few', queryJobMs: 0 } });
    await bench.collect();
    for (let minute = 0; minute < 5; minute += 1) {
      bench.write({ sessions: 6_000, over: 60 });
      await bench.clock.advance(60_000);
    }
    const first = await bench.collect();
    const lag = first.find(({ metric }) => metric.name === 'panos_traffic_log_lag_seconds');
    assert.ok(Number(lag?.value) > 30, `lag ${String(lag?.value)}`);
    const second = told(await bench.collect());
    assert.ok(second.includes('sessions_total{tcp-fin,allow,allowed} 30000'), second.join('\n'));
    assert.ok(!second.some(line => line.startsWith('log_lag')));
  });

  test('adds up the members of a pair, and goes on with one when the other cannot be read', async () => {
    await using bench = await logBench({ highAvailability: 'active-passive' });
    await bench.collect();
    bench.write({ sessions: 5 });
    await bench.collect();
    bench.simulator.failover();
    bench.write({ sessions: 7 });
    assert.ok(told(await bench.collect()).includes('sessions_total{tcp-fin,allow,allowed} 12'));
    bench.write({ sessions: 1 });
    bench.simulator.fault({ kind: 'reset-before', member: 'fw-edge-1', times: 'always' });
    const error = await failure(bench.collect());
    assert.ok(error instanceof PartialResult);
    assert.ok(told(error.samples).includes('sessions_total{tcp-fin,allow,allowed} 13'));
    bench.simulator.clearFaults();
    assert.ok(told(await bench.collect()).includes('sessions_total{tcp-fin,allow,allowed} 13'));
  });

  test('shows no more than what is stored, so that counters do not fall after a restart', async () => {
    await using bench = await logBench();
    await bench.collect();
    bench.write({ sessions: 5 });
    await bench.collect();
    bench.write({ sessions: 5 });
    bench.memory.broken = true;
    const error = await failure(bench.collect());
    assert.ok(error instanceof PartialResult);
    assert.ok(told(error.samples).includes('sessions_total{tcp-fin,allow,allowed} 5'));
    bench.memory.broken = false;
    assert.ok(told(await bench.collect()).includes('sessions_total{tcp-fin,allow,allowed} 10'));
  });

  for (const kind of ['malformed', 'truncated', 'empty', 'unauthorized', 'invalid-command', 'server-error'] as const) {
    test(`counts nothing and moves nothing when the answer is ${kind}`, async () => {
      await using bench = await logBench();
      await bench.collect();
      bench.write({ sessions: 5 });
      const before = bench.memory.text;
      bench.simulator.fault({ kind, command: 'log get', times: 'always' });
      const error = await failure(bench.collect());
      assert.ok(error instanceof PartialResult);
      assert.ok(!told(error.samples).some(line => line.startsWith('sessions')));
      assert.equal(bench.memory.text, before);
      bench.simulator.clearFaults();
      assert.ok(told(await bench.collect()).includes('sessions_total{tcp-fin,allow,allowed} 5'));
    });
  }

  test('gives up a job that is never done', async () => {
    await using bench = await logBench({ behaviour: { queryJobMs: 3_600_000 } });
    bench.write({ sessions: 1 });
    const error = await failure(bench.collect());
    assert.match(String(error), /job \d+ is not done after 30 s/);
  });
});
