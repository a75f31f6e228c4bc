import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { DeviceMemory } from '../../../../src/devices/contract.ts';
import { DeviceUnreachable } from '../../../../src/core/errors.ts';
import { captures } from '../../../../src/devices/captures/index.ts';
import { systemClock, type Clock } from '../../../../src/core/clock.ts';
import type { Json } from '../../../../src/core/json.ts';
import type { Session } from '../../../../src/devices/contract.ts';
import { startCaptureFolder } from '../../../../src/simulators/captures/fleet.ts';
import { age, CaptureRing } from '../../../support/capture-ring.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

function memory(): DeviceMemory {
  const kept = new Map<string, string>();
  return {
    get: async key => (kept.has(key) ? (JSON.parse(kept.get(key) ?? '') as Json) : undefined),
    put: async (key, value) => void kept.set(key, JSON.stringify(value)),
  };
}

async function stage(clock: Clock = systemClock) {
  const device = await startCaptureFolder('tap-dmz');
  const entry = captures.config.parse(device.entry(''));
  const kept = memory();
  const open = (): Session =>
    captures.open(entry, {
      clock,
      memory: kept,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  const collect = async (session: Session): Promise<Record<string, number | bigint>> => {
    const samples = await captures.collectors[0]?.collect(session, AbortSignal.timeout(30_000));
    return Object.fromEntries(
      (samples ?? []).map(({ metric, labels, value }) => [[metric.name, ...Object.values(labels)].join(' '), value]),
    );
  };
  return { device, open, collect };
}

test('versions are counted, once for each capture, and over a restart', async () => {
  const { device, open, collect } = await stage();
  const first = await collect(open());
  assert.equal(first['captures_tls_connections_total TLSv1.2'], 20);
  assert.equal(first['captures_tls_connections_total TLSv1.0'], 0);
  assert.equal(first['captures_files_total read'], 1);
  device.makeTrouble({ kind: 'old-tls', connections: 4 });
  const session = open();
  const second = await collect(session);
  assert.equal(second['captures_tls_connections_total TLSv1.0'], 4);
  assert.equal(second['captures_tls_server_connections_total 192.0.2.20:443 TLSv1.0'], 4);
  assert.equal(second['captures_tls_connections_total TLSv1.2'], 20);
  assert.deepEqual(await collect(session), second);
  await device.close();
});

test('reading that takes longer than a look goes on, and is counted once', async () => {
  const clock = new ManualClock();
  const { device, open, collect } = await stage(clock);
  const session = open();
  const early = collect(session);
  await clock.advance(20_000);
  assert.deepEqual(await early, {});
  const late = await collect(session);
  assert.equal(late['captures_tls_connections_total TLSv1.2'], 20);
  assert.equal(late['captures_files_total read'], 1);
  assert.deepEqual(await collect(session), late);
  await device.close();
});

test('a session that is closed reads no further, and the next one begins anew', async () => {
  const clock = new ManualClock();
  const { device, open, collect } = await stage(clock);
  const session = open();
  const early = collect(session);
  await clock.advance(20_000);
  assert.deepEqual(await early, {});
  await session.close();
  await assert.rejects(collect(session), /the session is closed/);
  assert.equal((await collect(open()))['captures_files_total read'], 1);
  await device.close();
});

test('a capture that goes on after a quiet time is not counted twice', async () => {
  const clock = new ManualClock(Date.now() + 60_000);
  const { device, open, collect } = await stage(clock);
  const ring = new CaptureRing(fileURLToPath(device.addresses[0] ?? ''), 2);
  const session = open();
  ring.record(0x0301);
  assert.equal((await collect(session))['captures_tls_connections_total TLSv1.0'], 0);
  ring.record(0x0301);
  const { path } = ring.rotate();
  age(path);
  assert.equal((await collect(session))['captures_tls_connections_total TLSv1.0'], 2);
  await device.close();
});

test('the last capture of a program that has ended is counted after an hour', async () => {
  const clock = new ManualClock(Date.now() + 60_000);
  const { device, open, collect } = await stage(clock);
  const ring = new CaptureRing(fileURLToPath(device.addresses[0] ?? ''), 2);
  ring.record(0x0301);
  const session = open();
  assert.equal((await collect(session))['captures_tls_connections_total TLSv1.0'], 0);
  clock.step(3_600_000);
  assert.equal((await collect(session))['captures_tls_connections_total TLSv1.0'], 1);
  await device.close();
});

test('a folder that is gone is an unreachable device', async () => {
  const { device, open, collect } = await stage();
  device.orderFault({ kind: 'folder-gone' });
  await assert.rejects(
    collect(open()),
    (error: unknown) => error instanceof DeviceUnreachable && /ENOENT/.test(error.message),
  );
});

test('an address must be a folder', () => {
  const wrong = { name: 'x', driver: 'captures', addresses: ['https://192.0.2.1/'] };
  assert.match(String(captures.config.safeParse(wrong).error), /file:\/\/\/var\/captures\/dmz is expected/);
});
