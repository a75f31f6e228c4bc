import cron from 'node-cron';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

const RECONCILE_EVERY_TICKS = 300;

export interface Ticking {
  tick(): Promise<void>;
  reconcile(): void;
}

/**
 * Ticks every second, and compares blocks with the devices every five minutes. A tick that is missed is not made up
 * for: each works from the due times in the store. Gives the function that stops it.
 */
export function startTicks(work: Ticking, log: Log): () => Promise<void> {
  let ticks = 0;
  const task = cron.schedule(
    '* * * * * *',
    async () => {
      ticks += 1;
      if (ticks % RECONCILE_EVERY_TICKS === 0) work.reconcile();
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
