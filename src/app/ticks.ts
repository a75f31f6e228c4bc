import cron from 'node-cron';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

const RECONCILE_EVERY_TICKS = 300;
const WATCH_EVERY_TICKS = 15;

export interface Ticking {
  tick(): Promise<void>;
  reconcile(): void;
  watch(): void;
}

/**
 * Ticks every second, looks every 15 s whether a device has lost its blocks, and compares all of them every five minutes. A tick that is missed is not made up
 * for: each works from the due times in the store. Gives the function that stops it.
 */
export function startTicks(work: Ticking, log: Log): () => Promise<void> {
  let ticks = 0;
  const task = cron.schedule(
    '* * * * * *',
    async () => {
      ticks += 1;
      if (ticks % RECONCILE_EVERY_TICKS === 0) work.reconcile();
      else if (ticks % WATCH_EVERY_TICKS === 0) work.watch();
      try {
        await work.tick();
      } catch (error) {
        log.error({ err: error, detail: messageOf(error) }, 'a tick failed');
      }
    },
    { noOverlap: true },
  );
  return async () => {
    await task.destroy();
  };
}
