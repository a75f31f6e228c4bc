import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { EventLog, type LogView } from '../../../../../src/devices/bmc/sel/event-log.ts';
import { logEvent, type LogReading } from '../../../../../src/devices/bmc/sel/log-event.ts';
import { decodeRecord } from '../../../../../src/devices/bmc/sel/record.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { never, RememberingMemory } from '../../../../support/bmc/tools.ts';

type Step =
  | { readonly do: 'append'; readonly copies: number }
  | { readonly do: 'clear'; readonly restartIds: boolean }
  | { readonly do: 'start-bmc' }
  | { readonly do: 'set-clock'; readonly seconds: number }
  | { readonly do: 'read' | 'lose-read' | 'collapse' | 'restart' }
  | { readonly do: 'read-part'; readonly entries: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), copies: fc.constantFrom(1, 1, 1, 2, 3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), restartIds: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('start-bmc' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('set-clock' as const), seconds: fc.integer({ min: -9e6, max: 9e6 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('read', 'lose-read', 'collapse', 'restart') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read-part' as const), entries: fc.nat(6) }) },
);

const history = fc.record({
  steps: fc.array(step, { maxLength: 60 }),
  capacity: fc.integer({ min: 5, max: 12 }),
  wraps: fc.boolean(),
  /** Ids begin again after this one, so they are used again while the log lives. */
  lastId: fc.integer({ min: 13, max: 30 }),
  tellsErasure: fc.boolean(),
});

test('the counter is the number of events that were visible at some read, and never falls, over 500 histories', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ steps, ...nature }) => {
      const world = new World(nature);
      await world.read();
      for (const each of steps) {
        await world.play(each);
        world.check();
      }
    }),
    { numRuns: 500 },
  );
});

interface Nature {
  readonly capacity: number;
  readonly wraps: boolean;
  readonly lastId: number;
  readonly tellsErasure: boolean;
}

interface Entry {
  readonly id: number;
  readonly serial: number;
  readonly bytes: Buffer;
}

/** A BMC whose events have serial numbers that only the model knows, and the tally under test beside it. */
class World {
  readonly #nature: Nature;
  readonly #memory = new RememberingMemory();
  readonly #clock = new ManualClock();
  readonly #visible = new Set<number>();
  #log = this.#open();
  #entries: Entry[] = [];
  #serial = 0;
  #nextId = 1;
  #bmcClock = 1_600_000_000;
  #erasures = 1;
  #view: LogView | undefined;
  #counted = 0;

  constructor(nature: Nature) {
    this.#nature = nature;
  }

  async play(each: Step): Promise<void> {
    switch (each.do) {
      case 'append':
        // Equal to the last bit, in the same second. They are read together: entries that are equal in every byte and
        // take each other's place between two reads cannot be told apart by anybody.
        this.#append(each.copies, this.#bmcClock++);
        return each.copies > 1 ? this.read() : undefined;
      case 'clear':
        this.#entries = [];
        this.#erasures += 1;
        if (each.restartIds) this.#nextId = 1;
        return;
      case 'start-bmc':
        return this.#startBmc();
      case 'set-clock':
        this.#bmcClock = Math.max(0x3000_0000, this.#bmcClock + each.seconds);
        return;
      case 'read':
        return this.read();
      case 'lose-read':
        return this.#loseRead();
      case 'collapse':
        return this.#collapse();
      case 'read-part':
        return this.#look({
          shown: this.#entries.slice(0, each.entries),
          truncated: each.entries < this.#entries.length,
        });
      case 'restart':
        this.#log = this.#open();
        return;
    }
  }

  read(): Promise<void> {
    return this.#look({ shown: this.#entries, truncated: false });
  }

  check(): void {
    const tally = this.#view?.tally;
    assert(tally);
    const sum = [...tally.kinds.values()].reduce((total, { count }) => total + count, 0);
    const errors = [...tally.pci.values()].reduce((total, count) => total + count, 0);
    assert.equal(sum, this.#visible.size);
    assert.equal(errors, this.#visible.size);
    assert.ok(sum >= this.#counted);
    this.#counted = sum;
  }

  /** The same bytes with every start: seconds since the start instead of a date. */
  async #startBmc(): Promise<void> {
    const full = this.#entries.length >= this.#nature.capacity;
    await this.read();
    if (full) return;
    this.#append(1, 12, 0);
    await this.read();
  }

  #append(copies: number, time: number, place = this.#serial + 1): void {
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.#entries.length >= this.#nature.capacity) {
        if (!this.#nature.wraps) return;
        this.#entries.shift();
      }
      this.#serial += 1;
      const id = this.#freeId();
      const bytes = Buffer.from([0, 0, 2, 0, 0, 0, 0, 0x33, 0, 4, 0x13, place >> 8, 0x6f, 0xa5, place & 0xff, 0x12]);
      bytes.writeUInt16LE(id, 0);
      bytes.writeUInt32LE(time, 3);
      this.#entries.push({ id, serial: this.#serial, bytes });
    }
  }

  #freeId(): number {
    const taken = new Set(this.#entries.map(entry => entry.id));
    while (taken.has(this.#nextId)) this.#nextId = (this.#nextId % this.#nature.lastId) + 1;
    return this.#nextId;
  }

  async #look({ shown, truncated }: { shown: readonly Entry[]; truncated: boolean }): Promise<void> {
    for (const { serial } of shown) this.#visible.add(serial);
    const events = shown.flatMap(({ bytes }) => {
      const record = decodeRecord(bytes);
      return record ? [logEvent(record, 'supermicro')] : [];
    });
    const erasedAt = this.#nature.tellsErasure ? { erasedAt: this.#erasures } : {};
    const reading: LogReading = { events, declared: this.#entries.length, truncated, undecoded: 0, ...erasedAt };
    this.#view = await this.#log.look(async () => reading, never);
  }

  async #loseRead(): Promise<void> {
    const lost = this.#log.look(() => Promise.reject(new Error('no answer')), never);
    await assert.rejects(lost, /no answer/);
  }

  /** The list shows one entry although nothing was erased: only a BMC that tells of erasures can be caught at it. */
  async #collapse(): Promise<void> {
    const undated = this.#entries.some(({ bytes }) => bytes.readUInt32LE(3) < 0x2000_0000);
    if (undated && !this.#nature.tellsErasure) return;
    await this.read();
    await this.#look({ shown: this.#entries.slice(0, 1), truncated: false });
  }

  #open(): EventLog {
    return new EventLog('bmc', this.#memory, this.#clock);
  }
}
