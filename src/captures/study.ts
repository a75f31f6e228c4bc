import { CaptureReader } from './capture-reader.ts';
import type { Decoder } from './decoding/decoder.ts';
import type { OnFinding } from './findings.ts';
import type { Wanted } from './flows/book.ts';
import { Tracker } from './flows/tracker.ts';
import type { Crew } from './parallel/crew.ts';
import type { CaptureInput } from './reading/inputs.ts';
import { firstInstant } from './reading/peek.ts';
import type { Reading } from './reading/pump.ts';
import type { ByteSource } from './reading/source.ts';
import { instant, type Instant } from './reading/timestamps.ts';

/** How one capture was read. */
export interface FileReport extends Reading {
  readonly file: string;
}

/** What could not be followed, over all captures. */
export interface Study {
  readonly files: readonly FileReport[];
  /** Packets of link types that are not read here, by LINKTYPE_ value. */
  readonly unread: ReadonlyMap<number, number>;
  /** Connections that were ended early because too many were open at a time. */
  readonly evicted: number;
  /** Times that something incomplete was given up because too much was waiting. */
  readonly overflows: number;
  /** Fragmented datagrams that were given up because too many waited at a time. */
  readonly lostDatagrams: number;
  /** Clients that were not kept because one connection carried too many. */
  readonly droppedClients: number;
}

export interface StudyOptions {
  readonly wanted: Wanted;
  /** Threads that read at a time; more than one pays off above about a gigabyte. */
  readonly workers: number;
  /** Threads that were started already, one less than `workers`; whoever started them ends them. */
  readonly crew?: Crew | undefined;
  /** Bytes that a thread reads before findings are joined; only tests choose it. */
  readonly rangeBytes?: number;
  /** Called with the bytes read so far, over all captures. */
  readonly onProgress?: (bytes: number) => void;
}

/** Captures of a rotated set follow each other within this many seconds, and overlap by less than one. */
const LARGEST_PAUSE_SECONDS = 60;

/**
 * Reads captures in order and reports what is found in them. Captures that follow each other in time are one set, so
 * that connections may cross from file to file; otherwise each begins afresh. Damage ends one file, not the others.
 */
export async function studyCaptures(
  inputs: readonly CaptureInput[],
  options: StudyOptions,
  onFinding: OnFinding,
): Promise<Study> {
  const set = new CaptureSet();
  const tracker = new Tracker(options.wanted, { fileAt: offset => set.fileAt(offset), onFinding });
  const reader = new CaptureReader(tracker, options, onFinding);
  const { decoder } = reader;
  const files: FileReport[] = [];
  let bytesBefore = 0;
  try {
    for (const input of inputs) {
      if (files.length > 0 && !(await follows(decoder, input))) {
        tracker.finish();
        decoder.fragments.waiting.clear();
      }
      decoder.origin = set.begin(input.name);
      const reading = await reader.read(input, bytes => options.onProgress?.(bytesBefore + bytes));
      files.push({ file: input.name, ...reading });
      set.end(reading.bytes);
      bytesBefore += reading.bytes;
    }
    tracker.finish();
  } finally {
    await reader.close();
  }
  const { evicted, book } = tracker;
  const lostDatagrams = decoder.fragments.dropped;
  return {
    files,
    unread: decoder.unread,
    evicted,
    overflows: tracker.waiting.overflows,
    lostDatagrams,
    droppedClients: book.dropped,
  };
}

/** True when the capture goes on where the last one ended. */
async function follows(decoder: Decoder, input: CaptureInput): Promise<boolean> {
  if (input.storedBytes === undefined) return false;
  const { timestamps, stampHigh, stampLow } = decoder.segment;
  const last = instant(timestamps, stampHigh, stampLow);
  const first = await openedFirstInstant(input);
  if (!first) return false;
  const pause = first.seconds - last.seconds + (first.nanos - last.nanos) / 1e9;
  return pause > -1 && pause < LARGEST_PAUSE_SECONDS;
}

async function openedFirstInstant(input: CaptureInput): Promise<Instant | undefined> {
  let source: ByteSource;
  try {
    source = await input.open();
  } catch {
    return undefined; // reading it in earnest will say why
  }
  return firstInstant(source);
}

/** Gives each file its place on one scale of offsets. */
class CaptureSet {
  readonly #files: { readonly name: string; readonly origin: number }[] = [];
  #next = 0;

  begin(name: string): number {
    this.#files.push({ name, origin: this.#next });
    return this.#next;
  }

  end(bytes: number): void {
    this.#next += bytes;
  }

  fileAt(offset: number): string {
    return this.#files.findLast(file => file.origin <= offset)?.name ?? '';
  }
}
