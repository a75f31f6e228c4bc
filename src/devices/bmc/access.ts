import type { Priority } from '../../core/call-gate.ts';
import type { LogReading } from './sel/log-event.ts';

export type PowerState = 'on' | 'off';

/** How a host can be stopped and started again, from gentle to hard. Nothing here clears a log or a configuration. */
export const RESET_ACTIONS = ['nmi', 'graceful-restart', 'force-restart', 'power-cycle'] as const;
export type ResetAction = (typeof RESET_ACTIONS)[number];

/** Something to keep for the vendor, as the BMC gave it. */
export interface Exhibit {
  /** A file name of our own making; never the device's words. */
  readonly name: string;
  /** Where it is from, in words: the command or path that was asked. */
  readonly source: string;
  readonly bytes: Uint8Array;
}

/** Evidence that could not be had, and why. The rest is kept all the same. */
export interface MissingExhibit {
  readonly name: string;
  readonly source: string;
  readonly missing: string;
}

/** For whom, and until when, something is asked. */
export interface Asking {
  readonly priority: Priority;
  readonly signal: AbortSignal;
}

/** One way to a BMC: its web pages, Redfish, or IPMI over the network. It opens nothing until it is asked. */
export interface BmcAccess {
  /** How often this process has logged in, and whether it waits because the credentials were refused. */
  readonly logins: { readonly count: number; readonly refused: boolean };
  /** Reads the event log. The same object as before when the BMC says that nothing changed. */
  readLog(asking: Asking): Promise<LogReading>;
  readPower(asking: Asking): Promise<PowerState>;
  /** Whatever `collectEvidence` would change on the BMC, in words and in order; most ways change nothing. */
  evidenceChanges(asking: Asking): Promise<readonly string[]>;
  /** Everything worth keeping, one after the other. Throws when the event log itself cannot be had. */
  collectEvidence(asking: Asking): AsyncIterable<Exhibit | MissingExhibit>;
  /** The resets that this BMC offers now, each with the call in words. */
  offeredResets(asking: Asking): Promise<ReadonlyMap<ResetAction, string>>;
  /**
   * Sends one of the offered resets and gives the BMC's answer, shortened. Never sent twice. `aboutToSend` is awaited
   * when all reading and logging in is done: if it was not called, nothing was sent.
   */
  reset(action: ResetAction, asking: Asking, aboutToSend: () => Promise<void>): Promise<string>;
  close(): Promise<void>;
}
