import type { BoardMaker } from './board-maker.ts';
import { classify, type EventKind } from './event-kind.ts';
import type { PciError } from './pci-error.ts';
import type { SelRecord } from './record.ts';

/** One entry of a BMC's event log, by whichever way it was read. */
export interface LogEvent {
  /** As the BMC gives it. Reused by BMCs after a clear or a wrap, so it tells equal entries of one reading apart, no more. */
  readonly id: string;
  /** Equal for entries that say the same; without id, repeats, and whatever an operator can change afterwards. */
  readonly content: string;
  /** How often it happened: 1, or more where the BMC folds repeats into one entry. */
  readonly times: number;
  readonly kind: EventKind;
  readonly pci?: PciError;
  /** Seconds since the epoch by the BMC's clock. Absent when that clock was not set. */
  readonly time?: number;
}

/** What one look into the log gave. */
export interface LogReading {
  readonly events: readonly LogEvent[];
  /** How many entries the BMC says the log has. Absent where it does not say. */
  readonly declared?: number;
  /** The BMC has more entries than it gave. */
  readonly truncated: boolean;
  /** Entries that no rule could read. */
  readonly undecoded: number;
  /** The BMC says that it dropped events for lack of room. Absent where it does not say. */
  readonly overflow?: boolean;
  readonly freeBytes?: number;
  /** When entries were last erased, by the BMC's clock. Absent where it does not say. */
  readonly erasedAt?: number;
}

/** A 16-byte record as an entry of the log. */
export function logEvent(record: SelRecord, maker: BoardMaker): LogEvent {
  return {
    id: String(record.id),
    content: record.content,
    times: 1,
    ...classify(record, maker),
    ...(record.time === undefined ? {} : { time: record.time }),
  };
}
