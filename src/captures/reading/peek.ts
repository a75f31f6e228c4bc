import { Segment } from '../decoding/segment.ts';
import { giveBack, scannerFor, takeBuffer } from './pump.ts';
import type { ByteSource } from './source.ts';
import { instant, microseconds, type Instant } from './timestamps.ts';

const PEEK_BYTES = 64 * 1024;

/** When the first packet of a capture was taken; undefined when there is none near the beginning. */
export async function firstInstant(source: ByteSource): Promise<Instant | undefined> {
  const buffer = takeBuffer();
  let filled = 0;
  try {
    while (filled < PEEK_BYTES) {
      const count = await source.read(buffer, filled, PEEK_BYTES - filled);
      if (count === 0) break;
      filled += count;
    }
  } catch {
    giveBack(buffer);
    return undefined; // reading it in earnest will say what is wrong
  } finally {
    source.close();
  }
  let first: Instant | undefined;
  const segment = new Segment(microseconds);
  const packet = (): void => {
    first ??= instant(segment.timestamps, segment.stampHigh, segment.stampLow);
  };
  const begun = scannerFor(buffer.subarray(0, filled), { segment, packet, origin: 0 });
  begun?.scanner.scan(buffer, begun.start, filled, 0);
  giveBack(buffer);
  return first;
}
