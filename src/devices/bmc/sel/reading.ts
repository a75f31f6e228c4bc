import type { BoardMaker } from './board-maker.ts';
import { logEvent, type LogReading } from './log-event.ts';
import { decodeRecord, RECORD_BYTES } from './record.ts';

/** Reads records that stand one after the other, 16 bytes each. `declared` is how many the BMC says there are. */
export function readRecords(bytes: Uint8Array, maker: BoardMaker, declared: number): LogReading {
  const records = [];
  for (let at = 0; at < bytes.length; at += RECORD_BYTES)
    records.push(decodeRecord(bytes.subarray(at, at + RECORD_BYTES)));
  const decoded = records.filter(record => record !== undefined);
  return {
    events: decoded.map(record => logEvent(record, maker)),
    declared,
    truncated: records.length < declared,
    undecoded: records.length - decoded.length,
  };
}
