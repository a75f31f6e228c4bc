import { isDeepStrictEqual } from 'node:util';
import type { LogReading } from '../sel/log-event.ts';
import type { SelInfo } from './replies.ts';

/** A full reading every so many looks, whatever the BMC says of its log. */
const LOOKS_BETWEEN_FULL = 240;

/**
 * Says when the log need not be read again, because Get SEL Info says the same as before. Its times have whole seconds,
 * so a log that changed is read once more after that: another entry may have come within the same second.
 */
export class ChangeDetector {
  #known: { readonly info: SelInfo; readonly reading: LogReading; readonly confirmed: boolean } | undefined;
  #looks = 0;

  /** The reading that still stands, or undefined when the log must be read. */
  unchanged(info: SelInfo): LogReading | undefined {
    this.#looks += 1;
    const known = this.#known;
    if (!known?.confirmed || this.#looks > LOOKS_BETWEEN_FULL) return undefined;
    return isDeepStrictEqual(info, known.info) ? known.reading : undefined;
  }

  /** `info` was read before `reading`. */
  saw(info: SelInfo, reading: LogReading): void {
    const confirmed = this.#known !== undefined && isDeepStrictEqual(info, this.#known.info) && !reading.truncated;
    this.#known = { info, reading, confirmed };
    this.#looks = 0;
  }
}
