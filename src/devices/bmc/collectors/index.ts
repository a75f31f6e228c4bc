import { eventLog } from './event-log.ts';
import { power } from './power.ts';

/** The same for every way to a BMC. */
export const collectors = [eventLog, power] as const;
