import { z } from 'zod';
import { Bug } from '../../../core/errors.ts';
import type { Json } from '../../../core/json.ts';
import { BEGINNING, type LogTime } from './log-time.ts';
import { SeenNumbers, storedNumbers } from './seen-numbers.ts';
import { storedTally, Tally } from './tally.ts';

/** How far the log of one member has been read. */
export interface Cursor {
  /** Everything received before is final. Never goes back. */
  from: LogTime;
  /** How many of the entries from there on have been read already, in the order of the log. */
  skip: number;
  /** Where to begin again once the end is reached: what was read after it was too new to be final. */
  again: LogTime | undefined;
  /** Which entries from there on were counted. */
  readonly seen: SeenNumbers;
}

/** Cursors and counters together: they are stored as one value, so that neither is ever ahead of the other. */
export interface TrafficState {
  readonly cursors: Map<string, Cursor>;
  readonly tally: Tally;
}

const storedTime = z.tuple([z.number().int(), z.number().int().nullable()]);

const storedState = z.strictObject({
  version: z.literal(1),
  members: z.record(
    z.string(),
    z.strictObject({
      from: storedTime,
      skip: z.number().int().min(0),
      again: storedTime.nullable(),
      seen: storedNumbers,
    }),
  ),
  tally: storedTally,
});

/** Throws Bug when the stored value is none of ours: counting from zero instead would be a lie. */
export function readState(stored: Json | undefined): TrafficState {
  if (stored === undefined) return { cursors: new Map(), tally: Tally.empty() };
  const parsed = storedState.safeParse(stored);
  if (!parsed.success) throw new Bug(`the stored cursor of the traffic log is not understood: ${parsed.error.message}`);
  const { members, tally } = parsed.data;
  const cursors = Object.entries(members).map(([member, { from, skip, again, seen }]): [string, Cursor] => [
    member,
    { from: readTime(from), skip, again: again ? readTime(again) : undefined, seen: SeenNumbers.from(seen) },
  ]);
  return { cursors: new Map(cursors), tally: Tally.from(tally) };
}

export function writeState({ cursors, tally }: TrafficState): Json {
  const members = [...cursors].map(([member, { from, skip, again, seen }]): [string, StoredCursor] => [
    member,
    { from: writeTime(from), skip, again: again ? writeTime(again) : null, seen: seen.toStored() },
  ]);
  const state: z.input<typeof storedState> = {
    version: 1,
    members: Object.fromEntries(members),
    tally: tally.toStored(),
  };
  return state;
}

/** Where the reading of a log begins whose newest entry is this one: with the second that it came in. */
export function firstCursor(newest: LogTime | undefined): Cursor {
  return { from: newest ?? BEGINNING, skip: 0, again: undefined, seen: new SeenNumbers() };
}

type StoredCursor = z.input<typeof storedState>['members'][string];

function readTime([local, offset]: z.output<typeof storedTime>): LogTime {
  return { local, offset: offset ?? undefined };
}

function writeTime({ local, offset }: LogTime): z.output<typeof storedTime> {
  return [local, offset ?? null];
}
