import type { Decoder } from '../decoding/decoder.ts';
import type { Finding } from '../findings.ts';
import type { Tracker } from '../flows/tracker.ts';
import { peekFormat } from './peek-format.ts';
import { giveBack, pump, takeBuffer, type OnProgress, type Reading, type Window } from '../reading/pump.ts';
import type { Scanner } from '../reading/scanner.ts';
import { FileSource } from '../reading/source.ts';
import type { Crew } from './crew.ts';
import { joinPartial } from './join.ts';
import { revive, type Format, type Partial, type RangeJob } from './partial.ts';
import { formatAfter, scannerOf } from './read-range.ts';
import { divide, type Range } from './ranges.ts';
import { RecordReader } from './record-reader.ts';

/** How a file is divided among threads. */
export interface Plan {
  /** The most that each thread reads before its findings are joined to the others': joining costs the same for any length. */
  readonly rangeBytes: number;
  /** What this thread reads at a time while the others start; 0: it waits for them. */
  readonly stepBytes: number;
  /** What this thread reads more than each other, whose code is not compiled when it begins. */
  readonly headStart: number;
}

const MEGABYTE = 1024 * 1024;
const USUAL: Plan = { rangeBytes: 1024 * MEGABYTE, stepBytes: 16 * MEGABYTE, headStart: 128 * MEGABYTE };

/** Who reads: this thread into its tracker, the crew for it. */
export interface Readers {
  readonly tracker: Tracker;
  readonly decoder: Decoder;
  readonly crew: Crew;
  readonly emit: (finding: Finding) => void;
}

/** The one who reads in order, and what it has to know for that. */
interface Reader {
  readonly path: string;
  readonly tracker: Tracker;
  readonly decoder: Decoder;
  readonly source: FileSource;
  readonly scanner: Scanner;
  readonly window: Window;
  readonly format: Format;
  readonly emit: (finding: Finding) => void;
}

/**
 * Reads a plain file with several threads: in each round this thread reads one range and every worker one of those
 * behind it. The result is that of one thread, byte for byte; a range for which that cannot be proven is read again.
 */
export async function readFileInRanges(
  path: string,
  { tracker, decoder, crew, emit }: Readers,
  plan = USUAL,
  onProgress?: OnProgress,
): Promise<Reading | undefined> {
  const format = peekFormat(path);
  if (!format) return undefined;
  const source = new FileSource(path, format.start);
  const window: Window = { buffer: takeBuffer(), start: 0, filled: 0, base: format.start };
  const scanner = scannerOf(format.format, decoder);
  const reader: Reader = { path, tracker, decoder, source, scanner, window, format: format.format, emit };
  try {
    return await readRounds(reader, crew, plan, onProgress);
  } finally {
    giveBack(window.buffer);
    source.close();
  }
}

async function readRounds(reader: Reader, crew: Crew, plan: Plan, onProgress?: OnProgress): Promise<Reading> {
  const { source, scanner } = reader;
  await readAlone(reader, crew, plan.stepBytes, onProgress);
  const rounds = divide(position(reader), source.size, crew.size + 1, plan.rangeBytes, plan.headStart);
  let next = startRound(reader, crew, rounds[0]);
  for (const [round, [own]] of rounds.entries()) {
    const jobs = next;
    next = startRound(reader, crew, rounds[round + 1]); // workers are one round ahead, and never wait
    let reading = await readTo(reader, own?.to ?? Infinity, onProgress);
    for (const { answer, to } of jobs) {
      if (reading.damage || position(reader) >= source.size) break;
      const partial = revive(await answer);
      reading = join(reader, partial)
        ? { packets: scanner.packets, bytes: partial.end, damage: scanner.damage }
        : await readTo(reader, to, onProgress);
      // A worker that found very much ended early.
      if (!reading.damage && position(reader) < to) reading = await readTo(reader, to, onProgress);
      onProgress?.(position(reader));
    }
    if (reading.damage || position(reader) >= source.size) return lastWord(reader, reading);
  }
  return lastWord(reader, await readTo(reader, Infinity, onProgress));
}

/** Reads on while the crew's threads are starting: that takes as long as reading some hundred megabytes. */
async function readAlone(reader: Reader, crew: Crew, stepBytes: number, onProgress?: OnProgress): Promise<void> {
  if (stepBytes === 0) return;
  while (!crew.isReady && !reader.scanner.damage && position(reader) < reader.source.size) {
    await readTo(reader, position(reader) + stepBytes, onProgress);
  }
}

interface Job {
  readonly to: number;
  readonly answer: Promise<Partial>;
}

function startRound(reader: Reader, crew: Crew, ranges: readonly Range[] = []): Job[] {
  return ranges.slice(1).map(({ from, to }, index) => {
    const { path, tracker, decoder, format } = reader;
    const job: RangeJob = { path, from, to, origin: decoder.origin, format, wanted: tracker.book.wanted };
    const answer = crew.read(index, job);
    answer.catch(() => undefined); // told to whoever awaits it; nobody does after damage in an earlier range
    return { to, answer };
  });
}

/** Reads in order up to the first record at or behind `limit`. */
async function readTo(reader: Reader, limit: number, onProgress?: OnProgress): Promise<Reading> {
  const { source, scanner, window } = reader;
  scanner.limit = limit >= source.size ? Infinity : limit;
  return pump(source, scanner, window, onProgress);
}

/** Moves behind the worker's range if its findings could be joined. */
function join(reader: Reader, partial: Partial): boolean {
  const { tracker, decoder, scanner, source, window, format } = reader;
  if (partial.start !== position(reader) || !sameFormat(format, scanner) || !sameState(format, partial.format))
    return false;
  const records = new RecordReader(source.descriptor, format, decoder.origin);
  if (!joinPartial(partial, tracker, decoder, records, reader.emit)) return false;
  scanner.packets += partial.packets;
  scanner.damage = partial.damage;
  source.seek(partial.end);
  window.base = partial.end;
  window.start = 0;
  window.filled = 0;
  return true;
}

function position({ window }: Reader): number {
  return window.base + window.start;
}

function lastWord(reader: Reader, reading: Reading): Reading {
  return { ...reading, packets: reader.scanner.packets, damage: reader.scanner.damage };
}

/** Workers took the sections and interfaces at the beginning of the file for all there are. */
function sameFormat(format: Format, scanner: Scanner): boolean {
  return sameState(format, formatAfter(format, scanner));
}

function sameState(one: Format, other: Format): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
