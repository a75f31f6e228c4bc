import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../../../../../src/core/json.ts';
import { DeviceSurprise } from '../../../../../src/core/errors.ts';
import {
  firstCursor,
  readState,
  type TrafficState,
  writeState,
} from '../../../../../src/devices/panos/traffic-log/cursor.ts';
import type { TrafficEntry } from '../../../../../src/devices/panos/traffic-log/entry.ts';
import { compareTimes, type LogTime } from '../../../../../src/devices/panos/traffic-log/log-time.ts';
import { LATE_SECONDS, readOn } from '../../../../../src/devices/panos/traffic-log/read-on.ts';
import { type LogOrder, StreamedLog, type Written } from '../../../../support/traffic-stream.ts';

const signal = new AbortController().signal;
const START = Date.UTC(2026, 0, 5, 12, 0, 0) / 1_000;
const BASE = 7_607_872_259_432_940_000n;
const REASONS = ['tcp-fin', 'aged-out', 'policy-deny', 'tcp-rst-from-client', 'resources-unavailable', 'quic-bye'];

/** Small, fast and the same everywhere: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function entry(index: number, receivedAt: LogTime, reason: string): TrafficEntry {
  return {
    serial: '012301000001',
    number: BASE + BigInt(index),
    receivedAt,
    start: false,
    action: reason === 'policy-deny' ? 'deny' : 'allow',
    reason,
    application: index % 10 === 0 ? 'incomplete' : 'ssl',
    bytes: BigInt(index % 1_000) * 1_000_003n,
  };
}

/** What must have been counted in the end, counted the plain way. */
function expectedOf(written: readonly Written[]) {
  const sessions = new Map<string, bigint>();
  let bytes = 0n;
  for (const { entry: one } of written) {
    if (one.start) continue;
    const reason = REASONS.slice(0, 5).includes(one.reason ?? '') ? (one.reason ?? '') : 'other';
    sessions.set(reason, (sessions.get(reason) ?? 0n) + 1n);
    bytes += one.bytes ?? 0n;
  }
  return { sessions, bytes };
}

function countedOf({ tally }: TrafficState) {
  const sessions = new Map<string, bigint>();
  let bytes = 0n;
  for (const count of tally.counts()) {
    if (count.sessions > 0n) sessions.set(count.reason, (sessions.get(count.reason) ?? 0n) + count.sessions);
    bytes += count.bytes;
  }
  return { sessions, bytes };
}

/** The service as it reads this log: it remembers only what it saved, and can be killed at any save. */
class Reader {
  stored: Json | undefined;
  saves = 0;
  largestBytes = 0;
  /** The save at which the process dies: true after it, false right before. */
  dies: { readonly atSave: number; readonly after: boolean } | undefined;

  async tick(log: StreamedLog, mostPages: number): Promise<number> {
    const state = readState(this.stored);
    const newest = await log.newest();
    let cursor = state.cursors.get('m');
    if (!cursor) {
      cursor = firstCursor(newest?.receivedAt);
      state.cursors.set('m', cursor);
    }
    if (!newest) return 0;
    const before = { ...cursor.from };
    let pages = 0;
    const mayGoOn = () => ++pages < mostPages;
    const save = async () => {
      this.saves += 1;
      const killed = this.dies?.atSave === this.saves ? this.dies : undefined;
      if (killed && !killed.after) throw new Killed();
      const text = JSON.stringify(writeState(state));
      this.largestBytes = Math.max(this.largestBytes, text.length);
      this.stored = JSON.parse(text) as Json;
      if (killed) throw new Killed();
    };
    const { lagSeconds } = await readOn({ log, cursor, tally: state.tally, save, mayGoOn }, newest, signal);
    assert.ok(compareTimes(cursor.from, before) >= 0, 'the cursor went back');
    return lagSeconds;
  }

  get state(): TrafficState {
    return readState(this.stored);
  }
}

class Killed extends Error {}

describe('reading on in a traffic log', () => {
  for (const order of ['by-time', 'as-written'] as const) {
    test(`counts 1,000,000 entries of hours exactly once, given ${order}: restarts, late and equal times, bursts, outages`, async () => {
      const ENTRIES = 1_000_000;
      const next = random(20_260_105);
      const written: Written[] = [];
      let now = START;
      while (written.length < ENTRIES) {
        // Seconds of very different size, now and then one that fills many pages.
        const many = next() < 0.0005 ? 9_000 : Math.floor(next() * 120);
        for (let index = 0; index < many && written.length < ENTRIES; index += 1) {
          const late = next() < 0.01 ? Math.floor(next() * LATE_SECONDS) : 0;
          const number = written.length;
          const reason = REASONS[Math.floor(next() * REASONS.length)] ?? '';
          written.push({ entry: entry(number, { local: now, offset: undefined }, reason), visibleAt: now + late });
        }
        now += 1;
      }
      const log = new StreamedLog(written, order);
      const reader = new Reader();
      const end = now + LATE_SECONDS + 1;
      let restarts = 0;
      let largestLag = 0;
      log.now = START;
      while (log.now < end) {
        const outage = next() < 0.01 ? 900 : 0;
        if (next() < 0.1) reader.dies = { atSave: reader.saves + 1 + Math.floor(next() * 3), after: next() < 0.5 };
        try {
          largestLag = Math.max(largestLag, await reader.tick(log, 20));
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          restarts += 1;
        }
        reader.dies = undefined;
        log.now += Math.min(60 + outage, Math.max(1, end - log.now));
      }
      while ((await reader.tick(log, 20)) > 0);
      assert.deepEqual(countedOf(reader.state), expectedOf(written));
      assert.equal(reader.state.tally.unidentified().find(([name]) => name === 'incomplete')?.[1], 100_000n);
      assert.ok(now - START > 4 * 3_600, `${now - START} s were simulated`);
      assert.ok(restarts > 10, `${restarts} restarts`);
      assert.ok(largestLag > 0, 'the outage made it lag');
      assert.ok(
        reader.largestBytes < 1_000_000,
        `${reader.largestBytes} bytes were the most that had to be remembered`,
      );
    });
  }

  test('counts whatever was written exactly once, in any order of arrival, wherever it is killed', async () => {
    const one = fc.record({
      second: fc.integer({ min: 0, max: 240 }),
      late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: LATE_SECONDS })),
      reason: fc.constantFrom(...REASONS),
    });
    const run = fc.record({
      entries: fc.array(one, { minLength: 1, maxLength: 120 }),
      burst: fc.record({
        second: fc.integer({ min: 0, max: 240 }),
        size: fc.constantFrom(0, 999, 1_000, 1_001, 3_500),
      }),
      ticks: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 3, maxLength: 12 }),
      dies: fc.array(fc.record({ atSave: fc.integer({ min: 1, max: 20 }), after: fc.boolean() }), { maxLength: 4 }),
      pages: fc.integer({ min: 2, max: 5 }),
      order: fc.constantFrom<LogOrder>('by-time', 'as-written'),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ entries, burst, ticks, dies, pages, order }) => {
        const all = [
          ...entries,
          ...Array.from({ length: burst.size }, () => ({ second: burst.second, late: 0, reason: 'tcp-fin' })),
        ];
        // Numbers in the order in which the entries became visible.
        const written = all
          .sort((a, b) => a.second + a.late - b.second - b.late)
          .map(({ second, late, reason }, index): Written => {
            const local = START + second;
            return { entry: entry(index, { local, offset: undefined }, reason), visibleAt: local + late };
          });
        const log = new StreamedLog(written, order);
        const reader = new Reader();
        reader.stored = beginning();
        log.now = START;
        for (const [index, seconds] of [...ticks, ...Array.from({ length: 20 }, () => 60)].entries()) {
          log.now += seconds;
          reader.dies = dies[index];
          await reader.tick(log, pages).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
        }
        assert.deepEqual(countedOf(reader.state), expectedOf(written));
      }),
      { numRuns: 150, seed: 20_260_105 },
    );
  });

  test('does not count at all what was there before the second of the first reading', async () => {
    const written = [0, 1, 2].map((second): Written => ({
      entry: entry(second, { local: START + second, offset: undefined }, 'tcp-fin'),
      visibleAt: START + second,
    }));
    const log = new StreamedLog(written);
    const reader = new Reader();
    log.now = START + 1;
    await reader.tick(log, 20);
    assert.deepEqual(countedOf(reader.state).sessions, new Map([['tcp-fin', 1n]]));
    log.now = START + 5;
    await reader.tick(log, 20);
    assert.deepEqual(countedOf(reader.state).sessions, new Map([['tcp-fin', 2n]]));
  });

  test('passes over entries at the start of a session', async () => {
    const at = { local: START, offset: undefined };
    const log = new StreamedLog([
      { entry: { ...entry(0, at, 'n/a'), start: true }, visibleAt: START },
      { entry: entry(1, at, 'tcp-fin'), visibleAt: START },
    ]);
    const reader = new Reader();
    log.now = START;
    await reader.tick(log, 20);
    assert.deepEqual(countedOf(reader.state).sessions, new Map([['tcp-fin', 1n]]));
  });

  test('goes on exactly over the hour that the clocks show twice', async () => {
    const hours = [-7, -8].flatMap((offset, half) =>
      Array.from({ length: 3_600 }, (_, second): Written => {
        const local = START + second;
        const index = half * 3_600 + second;
        return {
          entry: entry(index, { local, offset: offset * 3_600 }, 'tcp-fin'),
          // The test's clock goes on while that of the firewall goes back.
          visibleAt: START + index,
        };
      }),
    );
    const log = new TwiceTheHour(hours);
    const reader = new Reader();
    reader.stored = beginning();
    for (log.now = START + 30; log.now <= START + 7_230; log.now += 60) await reader.tick(log, 20);
    assert.deepEqual(countedOf(reader.state).sessions, new Map([['tcp-fin', 7_200n]]));
  });

  test('begins again when entries were deleted under the reading', async () => {
    const written = Array.from({ length: 6_000 }, (_, index): Written => {
      const local = START + Math.floor(index / 10);
      return { entry: entry(index, { local, offset: undefined }, 'tcp-fin'), visibleAt: local };
    });
    const log = new StreamedLog(written);
    const reader = new Reader();
    reader.stored = beginning();
    log.now = START + 2_000;
    assert.ok((await reader.tick(log, 2)) > 0);
    log.purged = 1_500;
    while ((await reader.tick(log, 2)) > 0);
    // All but none: the 2,000 that were read before, and every one that was left after them.
    assert.deepEqual(countedOf(reader.state).sessions, new Map([['tcp-fin', 6_000n]]));
  });

  test('says so when the clock of the firewall was set back, and counts nothing twice', async () => {
    const written = [0, 600].map((second, index): Written => ({
      entry: entry(index, { local: START + second, offset: undefined }, 'tcp-fin'),
      visibleAt: START + second,
    }));
    const reader = new Reader();
    reader.stored = beginning();
    const log = new StreamedLog(written);
    log.now = START + 600;
    await reader.tick(log, 20);
    const back = new StreamedLog([
      { entry: entry(2, { local: START + 10, offset: undefined }, 'tcp-fin'), visibleAt: START + 10 },
    ]);
    back.now = START + 20;
    await assert.rejects(reader.tick(back, 20), DeviceSurprise);
    assert.deepEqual(countedOf(reader.state).sessions, new Map([['tcp-fin', 2n]]));
  });

  test('says so when a query does not give the newest entry', async () => {
    const at = { local: START, offset: undefined };
    const log = new StreamedLog([{ entry: entry(0, at, 'tcp-fin'), visibleAt: START }]);
    log.now = START;
    log.page = async () => ({ entries: [], count: 0 });
    const reader = new Reader();
    await assert.rejects(reader.tick(log, 20), /does not give its newest entry/);
    assert.equal(reader.stored, undefined);
  });

  test('a stored value that is not understood is no beginning', () => {
    assert.throws(() => readState({ version: 2 }), /not understood/);
    assert.throws(() => readState([]), /not understood/);
  });
});

/** As left by a first reading of an empty log. */
function beginning(): Json {
  const state = readState(undefined);
  state.cursors.set('m', firstCursor(undefined));
  return writeState(state);
}

/** A log whose queries go by what the clock showed, which is not the order in which the entries were written. */
class TwiceTheHour extends StreamedLog {
  readonly #all: readonly Written[];

  constructor(all: readonly Written[]) {
    super([]);
    this.#all = all;
  }

  override async newest() {
    return this.#all.filter(({ visibleAt }) => visibleAt <= this.now).at(-1)?.entry;
  }

  override async page(from: string, skip: number) {
    const visible = this.#all.filter(({ visibleAt }) => visibleAt <= this.now).map(written => written.entry);
    const asked = Date.parse(`${from.replaceAll('/', '-').replace(' ', 'T')}Z`) / 1_000;
    const entries = visible
      .filter(({ receivedAt }) => receivedAt.local >= asked)
      .sort((one, other) => one.receivedAt.local - other.receivedAt.local)
      .slice(skip, skip + 1_000);
    return { entries, count: entries.length };
  }
}
