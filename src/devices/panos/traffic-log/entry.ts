import type { DeviceSurprise } from '../../../core/errors.ts';
import type { LogTime } from './log-time.ts';

/** One entry of the traffic log, as far as it is counted. */
export interface TrafficEntry {
  /** Of the firewall that wrote it: numbers count for each firewall by itself. */
  readonly serial: string;
  /** 64 bits. */
  readonly number: bigint;
  readonly receivedAt: LogTime;
  /** Written at the start of a session; the same session comes again at its end. */
  readonly start: boolean;
  /** As the firewall writes them; undefined where the entry has none. */
  readonly action: string | undefined;
  readonly reason: string | undefined;
  readonly application: string | undefined;
  readonly bytes: bigint | undefined;
}

/** One answer to a query. */
export interface LogPage {
  readonly entries: readonly TrafficEntry[];
  /** All that were in the answer, those that could not be read included. */
  readonly count: number;
}

/** Where entries come from. Times are in the order of the log: the oldest first. */
export interface TrafficLog {
  /** The newest entry, or undefined when the log is empty. */
  newest(signal: AbortSignal): Promise<TrafficEntry | undefined>;
  /** Entries received at or after `from` (as `queryText` writes it), without the first `skip`; at most `PAGE` of them. */
  page(from: string, skip: number, signal: AbortSignal): Promise<LogPage>;
  /** The error for a log that contradicts itself. */
  surprise(found: string): DeviceSurprise;
}

/** Entries of one query. The firewall gives 5,000 at most; this many are some 4 MB of XML. */
export const PAGE = 1_000;
