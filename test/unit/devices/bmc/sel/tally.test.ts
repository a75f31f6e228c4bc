import assert from 'node:assert/strict';
import test from 'node:test';
import type { Json } from '../../../../../src/core/json.ts';
import type { LogEvent, LogReading } from '../../../../../src/devices/bmc/sel/log-event.ts';
import { advance, firstSight, type Tally } from '../../../../../src/devices/bmc/sel/tally.ts';
import { fromMemory, toMemory } from '../../../../../src/devices/bmc/sel/tally-memory.ts';

const NOW = Date.UTC(2026, 0, 5);

test('the log at first sight is counted and none of it is fresh', () => {
  const tally = firstSight(reading([serr(1, 100), serr(2, 200), intrusion(3, 300)]), NOW);
  assert.equal(tally.pci.get('serr 80 02.2'), 2);
  assert.deepEqual(tally.kinds.get('chassis-intrusion'), { count: 1, lastTime: day(300) });
  assert.deepEqual(tally.fresh, []);
});

test('an error that comes later is counted and fresh', () => {
  const tally = play([serr(1, 100)], [serr(1, 100), serr(2, 200)]);
  assert.equal(tally.pci.get('serr 80 02.2'), 2);
  assert.deepEqual(
    tally.fresh.map(({ time, seenAt }) => [time, seenAt]),
    [[day(200), NOW + 1]],
  );
});

test('a clear takes nothing back, and ids that begin again are new events', () => {
  const tally = play([serr(1, 100), serr(2, 200)], [], [serr(1, 300)]);
  assert.equal(tally.pci.get('serr 80 02.2'), 3);
});

test('a log that turns over one entry at a time is counted exactly', () => {
  const tally = play(
    [serr(1, 1), serr(2, 2), serr(3, 3)],
    [serr(2, 2), serr(3, 3), serr(1, 4)],
    [serr(3, 3), serr(1, 4), serr(2, 5)],
  );
  assert.equal(tally.pci.get('serr 80 02.2'), 5);
});

test('renumbered entries are the same events', () => {
  const tally = play([serr(1, 1), serr(2, 2), serr(3, 3)], [serr(1, 2), serr(2, 3), serr(3, 4)]);
  assert.equal(tally.pci.get('serr 80 02.2'), 4);
});

test('equal entries under different ids are different events, under one id they are one', () => {
  const tally = play([], [serr(1, 1), serr(2, 1), serr(1, 1)]);
  assert.equal(tally.pci.get('serr 80 02.2'), 2);
});

test('a dated log that vanishes and comes back is not counted again', () => {
  const log = [serr(1, 1), serr(2, 2)];
  const tally = play(log, [], log);
  assert.equal(tally.pci.get('serr 80 02.2'), 2);
  assert.deepEqual(tally.fresh, []);
});

test('an undated entry that was seen gone is a new event when it comes again', () => {
  const tally = play([], [undated(1)], [], [undated(1)]);
  assert.equal(tally.pci.get('serr 80 02.2'), 2);
});

test('an undated entry that a cut-off reading left out is still the old one', () => {
  let tally = firstSight(reading([undated(1), undated(2)]), NOW);
  tally = advance(tally, { ...reading([undated(1)]), truncated: true }, NOW + 1);
  tally = advance(tally, reading([undated(1), undated(2)]), NOW + 2);
  assert.equal(tally.pci.get('serr 80 02.2'), 2);
});

test('a list that collapses without an erasure is not believed', () => {
  const erasedAt = 5;
  let tally = firstSight({ ...reading([undated(1), undated(2)]), erasedAt }, NOW);
  tally = advance(tally, { ...reading([undated(1)]), erasedAt }, NOW + 1);
  tally = advance(tally, { ...reading([undated(1)]), erasedAt }, NOW + 2);
  tally = advance(tally, { ...reading([undated(1), undated(2)]), erasedAt }, NOW + 3);
  assert.equal(tally.pci.get('serr 80 02.2'), 2);
});

test('an erasure is believed', () => {
  let tally = firstSight({ ...reading([undated(1)]), erasedAt: 5 }, NOW);
  tally = advance(tally, { ...reading([]), erasedAt: 9 }, NOW + 1);
  tally = advance(tally, { ...reading([undated(1)]), erasedAt: 9 }, NOW + 2);
  assert.equal(tally.pci.get('serr 80 02.2'), 2);
});

test('repeats that a BMC folds into one entry are counted as they rise', () => {
  const folded = (times: number): LogEvent => ({ ...intrusion(7, 1), times });
  const tally = play([folded(2)], [folded(5)], [folded(5)]);
  assert.equal(tally.kinds.get('chassis-intrusion')?.count, 5);
});

test('old entries that turn up after a cut-off first sight are counted and not fresh', () => {
  let tally = firstSight({ ...reading([serr(5, 500)]), truncated: true }, NOW);
  tally = advance(tally, reading([serr(1, 100), serr(5, 500), serr(6, 600)]), NOW + 1);
  assert.equal(tally.pci.get('serr 80 02.2'), 3);
  assert.deepEqual(
    tally.fresh.map(error => error.time),
    [day(600)],
  );
});

test('the memory gives back what was put into it', () => {
  const tally = play([serr(1, 1), undated(9)], [serr(2, 2)]);
  const back = fromMemory('bmc', JSON.parse(JSON.stringify(toMemory(tally))) as Json);
  assert.deepEqual(back, tally);
});

test('a memory that holds something else is an error and not a new beginning', () => {
  assert.throws(() => fromMemory('probe7-bmc', { version: 2 }), /probe7-bmc: the remembered event log is not usable/);
});

function play(...logs: readonly (readonly LogEvent[])[]): Tally {
  const [first = [], ...rest] = logs;
  return rest.reduce(
    (tally, events, index) => advance(tally, reading(events), NOW + 1 + index),
    firstSight(reading(first), NOW),
  );
}

function reading(events: readonly LogEvent[]): LogReading {
  return { events, declared: events.length, truncated: false, undecoded: 0 };
}

function serr(id: number, at: number): LogEvent {
  const pci = { error: 'serr', bus: '80', deviceFunction: '02.2' } as const;
  return { id: String(id), content: `serr at ${at}`, times: 1, kind: 'pci-error', pci, time: day(at) };
}

function undated(id: number): LogEvent {
  const { time: _, ...event } = serr(id, 0);
  return { ...event, content: `serr ${id} s after the start` };
}

function intrusion(id: number, at: number): LogEvent {
  return { id: String(id), content: `intrusion at ${at}`, times: 1, kind: 'chassis-intrusion', time: day(at) };
}

function day(at: number): number {
  return 1_560_000_000 + at;
}
