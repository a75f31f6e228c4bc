import { messageOf } from '../core/errors.ts';
import { Decoder } from './decoding/decoder.ts';
import type { OnFinding } from './findings.ts';
import type { Tracker } from './flows/tracker.ts';
import { Crew, LEAST_BYTES } from './parallel/crew.ts';
import type { CaptureInput } from './reading/inputs.ts';
import { readCapture, type OnProgress, type Reading } from './reading/pump.ts';
import type { ByteSource } from './reading/source.ts';
import type { StudyOptions } from './study.ts';

/** Reads captures into one tracker: large plain files with several threads where asked to, all others with one. */
export class CaptureReader {
  readonly decoder: Decoder;
  readonly #tracker: Tracker;
  readonly #options: StudyOptions;
  readonly #onFinding: OnFinding;
  readonly #leastBytes: number;
  #ownCrew: Crew | undefined;

  constructor(tracker: Tracker, options: StudyOptions, onFinding: OnFinding) {
    this.decoder = new Decoder(tracker);
    this.#tracker = tracker;
    this.#options = options;
    this.#onFinding = onFinding;
    this.#leastBytes = options.rangeBytes === undefined ? LEAST_BYTES : 2 * options.rangeBytes;
  }

  /** What goes wrong becomes damage of this capture. */
  async read(input: CaptureInput, onProgress: OnProgress): Promise<Reading> {
    let source: ByteSource | undefined;
    try {
      const inRanges = await this.#readInRanges(input, onProgress);
      if (inRanges) return inRanges;
      source = await input.open();
      return await readCapture(source, this.decoder, onProgress);
    } catch (error) {
      if (source) throw error;
      return { packets: 0, bytes: 0, damage: { offset: 0, message: messageOf(error) } };
    } finally {
      source?.close();
    }
  }

  async close(): Promise<void> {
    await this.#ownCrew?.[Symbol.asyncDispose]();
  }

  async #readInRanges(input: CaptureInput, onProgress: OnProgress): Promise<Reading | undefined> {
    const { workers, rangeBytes } = this.#options;
    if (workers < 2 || input.storedBytes === undefined || input.storedBytes < this.#leastBytes) return undefined;
    const { readFileInRanges } = await import('./parallel/read-file.ts');
    const crew = this.#options.crew ?? (this.#ownCrew ??= new Crew(workers - 1));
    const reader = { tracker: this.#tracker, decoder: this.decoder, crew, emit: this.#onFinding };
    const plan = rangeBytes === undefined ? undefined : { rangeBytes, stepBytes: 0, headStart: 0 };
    return readFileInRanges(input.name, reader, plan, onProgress);
  }
}
