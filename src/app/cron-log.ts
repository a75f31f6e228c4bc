import { setLogger } from 'node-cron';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

/**
 * Lets node-cron write into the service's log; by default it prints to the console. A missed run is no more than a
 * late one here: every tick works from stored due times.
 */
export function cronLog(log: Log): void {
  setLogger({
    info: text => log.debug({ text }, 'cron'),
    warn: text => log.debug({ text }, 'cron'),
    error: (error, cause) => log.error({ detail: messageOf(error), err: cause }, 'cron'),
    debug: text => log.debug({ text: messageOf(text) }, 'cron'),
  });
}
