import type { Session, Tools } from '../contract.ts';
import { audit } from './audit.ts';
import type { CapturesEntry } from './config.ts';
import { inLots, settledCaptures, type SettledCapture } from './folder.ts';
import { addToTally, recallTally, type Tally } from './tally.ts';

const REMEMBERED = 'tally';
/** Less than a collector is given. */
const LONGEST_WAIT_MS = 20_000;
/** What is counted is remembered after so many bytes, so that a restart does not begin anew with a large folder. */
const LOT_BYTES = 1024 ** 3;

/** A folder of captures. It is only ever read. */
export interface CapturesSession extends Session {
  /**
   * Reads the captures that are new and settled, and gives the sums over all that were ever read; undefined when none
   * was. When reading takes longer than 20 s it goes on in the background, and the sums are those so far. Throws
   * DeviceUnreachable when the folder cannot be read.
   */
  tally(signal: AbortSignal): Promise<Tally | undefined>;
}

export function openSession(entry: CapturesEntry, { clock, memory }: Tools): CapturesSession {
  const closing = new AbortController();
  let reading: Promise<void> | undefined;

  const readFresh = async (captures: readonly SettledCapture[]): Promise<void> => {
    const before = recallTally(await memory.get(REMEMBERED));
    const isCounted = ({ path, mark }: SettledCapture) => before.files[path] === mark;
    const fresh = captures.filter(capture => !isCounted(capture));
    let sums = before;
    let counted = captures.filter(isCounted);
    for (const lot of inLots(fresh, LOT_BYTES)) {
      const paths = lot.map(({ path }) => path);
      const addition = await audit(paths, closing.signal);
      counted = [...counted, ...lot];
      sums = addToTally(sums, addition, Object.fromEntries(counted.map(({ path, mark }) => [path, mark])));
      await memory.put(REMEMBERED, sums);
    }
  };

  const session: CapturesSession = {
    at: () => session,
    rehearse: () => ({ session, calls: [] }),
    close: async () => closing.abort(new Error('the session is closed')),
    tally: async signal => {
      reading ??= readFresh(settledCaptures(entry, clock.now()));
      const answered = new AbortController();
      const pause = clock.sleep(LONGEST_WAIT_MS, AbortSignal.any([signal, answered.signal])).catch(() => undefined);
      try {
        const hasEnded = await Promise.race([reading.then(() => true), pause]);
        if (hasEnded) reading = undefined;
      } catch (error) {
        reading = undefined; // it is told once, also when it failed while nobody waited, and then tried again
        throw error;
      } finally {
        answered.abort(new Error('answered'));
        await pause;
      }
      signal.throwIfAborted();
      const sums = recallTally(await memory.get(REMEMBERED));
      return Object.keys(sums.outcomes).length === 0 ? undefined : sums;
    },
  };
  return session;
}
