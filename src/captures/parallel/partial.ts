import type { Datagram } from '../decoding/fragments.ts';
import type { Finding } from '../findings.ts';
import type { Wanted } from '../flows/book.ts';
import { FlowColumns } from '../flows/columns.ts';
import type { Beginning } from '../flows/journal.ts';
import type { PcapHeader } from '../reading/pcap.ts';
import type { SectionState } from '../reading/pcapng.ts';
import type { Damage } from '../reading/scanner.ts';

/** How to read records from the middle of a file. */
export type Format =
  | { readonly kind: 'pcap'; readonly header: PcapHeader; readonly firstSeconds: number }
  | { readonly kind: 'pcapng'; readonly state: SectionState };

/** A range of a file for one worker. It begins at the first record at or behind `from`. */
export interface RangeJob {
  readonly path: string;
  readonly from: number;
  /** Infinity: to the end of the file. */
  readonly to: number;
  readonly origin: number;
  readonly format: Format;
  readonly wanted: Wanted;
}

/** A finding, where in the file it became certain, and of which flow; `open` as in `Journal.isOpen`. */
export interface PlacedFinding {
  readonly at: number;
  readonly flow: number;
  readonly open: boolean;
  readonly finding: Finding;
}

/** What a worker found in its range, with all that is needed to correct it. */
export interface Partial {
  /** Where the first record began, or undefined when none could be found. */
  readonly start: number | undefined;
  /** Where the first record behind the range begins. */
  readonly end: number;
  readonly bytes: number;
  readonly packets: number;
  readonly damage: Damage | undefined;
  readonly format: Format;
  readonly findings: readonly PlacedFinding[];
  readonly beginnings: readonly Beginning[];
  /** Packets of flows that may have begun before the range. Sides as in `Steps`. */
  readonly steps: { readonly sides: Int32Array; readonly offsets: Float64Array };
  readonly flows: number;
  readonly columns: FlowColumns;
  readonly fragmentKeys: ReadonlySet<string>;
  readonly datagrams: ReadonlyMap<string, Datagram>;
  readonly unread: ReadonlyMap<number, number>;
  readonly lastStamp: readonly [high: number, low: number];
  /** Something was given up for want of room, or cannot move between threads: the range must be read again in order. */
  readonly unusable: boolean;
}

/** What can be handed over to another thread instead of being copied. */
export function memoryOf({ columns, steps }: Partial): ArrayBuffer[] {
  const { rows, hash, initial, used, offset, seconds, nanos } = columns;
  const arrays = [rows, hash, initial, used, offset, seconds, nanos, steps.sides, steps.offsets];
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}

/** What came through a message is plain data: this makes columns and buffers of it again. */
export function revive(partial: Partial): Partial {
  const columns = Object.setPrototypeOf(partial.columns, FlowColumns.prototype) as FlowColumns;
  for (const conversation of columns.conversations) {
    for (const part of conversation?.parts ?? []) {
      if (!part) continue;
      part.rest &&= asBuffer(part.rest);
      part.pieces = part.pieces.map(piece => ({ ...piece, bytes: asBuffer(piece.bytes) }));
    }
  }
  const datagrams = new Map<string, Datagram>();
  for (const [key, datagram] of partial.datagrams) {
    const pieces = datagram.pieces.map(({ from, bytes }) => ({ from, bytes: asBuffer(bytes) }));
    datagrams.set(key, { ...datagram, pieces });
  }
  return { ...partial, columns, datagrams };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
