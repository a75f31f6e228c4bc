import type { QuickLook } from '../reading/scanner.ts';
import { NEVER, WINDOW, whatBegins } from './beginnings.ts';
import type { Journal } from './journal.ts';
import { Flag, Stage } from './stage.ts';
import type { FlowTable } from './table.ts';
import { FLAGS, NEXT, ROW_WORDS, SEEN, STAGE } from './columns.ts';

const IPV4 = 0x0800;
const VLAN = 0x8100;
const TCP = 6;
const SYN = 0x02;
const MORE_FRAGMENTS_OR_OFFSET = 0x3fff;

/**
 * Most packets of a capture change nothing but a count: they belong to a connection in whose direction nothing more is of
 * interest, or carry what cannot begin anything that is. They are told here by a few loads from the packet, without
 * decoding it layer by layer: Ethernet with at most one VLAN tag, IPv4 without options or fragments, TCP. For whatever
 * passes, the decoder and the tracker would do the same, five times as slowly; a test compares them.
 */
export class Glance implements QuickLook {
  readonly #table: FlowTable;
  readonly #journal: Journal | undefined;

  constructor(table: FlowTable, journal: Journal | undefined) {
    this.#table = table;
    this.#journal = journal;
  }

  passes(view: DataView, start: number, end: number, wireLength: number, offset: number): boolean {
    let ip = start + 14;
    if (end - ip < 44) return false;
    let type = view.getUint16(ip - 2);
    if (type === VLAN) {
      type = view.getUint16(ip + 2);
      ip += 4;
    }
    if (type !== IPV4 || view.getUint8(ip) !== 0x45 || view.getUint8(ip + 9) !== TCP) return false;
    if ((view.getUint16(ip + 6) & MORE_FRAGMENTS_OR_OFFSET) !== 0) return false;
    const ipLength = view.getUint16(ip + 2);
    const lengthAndFlags = view.getUint16(ip + 32);
    const headerLength = (lengthAndFlags >> 12) * 4;
    const length = ipLength - 20 - headerLength;
    if (headerLength < 20 || length < 0 || ip - start + ipLength > wireLength) return false;
    if ((lengthAndFlags & SYN) !== 0) return false;
    if (length === 0) return true;
    return this.#payload(view, ip, ip + 20 + headerLength, end, length, offset);
  }

  #payload(view: DataView, ip: number, payload: number, end: number, length: number, offset: number): boolean {
    const table = this.#table;
    const source = view.getInt32(ip + 12);
    const flow = table.findIpv4(source, view.getInt32(ip + 16), view.getUint16(ip + 20), view.getUint16(ip + 22));
    if (flow === -1) return false;
    const { direction, columns } = table;
    const { rows } = columns;
    const row = flow * ROW_WORDS;
    const flags = rows[row + FLAGS] as number;
    if ((flags & Flag.Data) === 0) return false;
    const stage = rows[row + STAGE + direction] as number;
    if (stage === Stage.Open) {
      if ((flags & (Flag.NextKnown << direction)) === 0 || payload >= end) return false;
      if (whatBegins(view.getUint8(payload)) !== NEVER) return false;
      const sequence = view.getInt32(ip + 24);
      if (sequence !== rows[row + NEXT + direction] || columns.conversations[flow] !== undefined) return false;
      rows[row + NEXT + direction] = sequence + length;
      const seen = (rows[row + SEEN + direction] as number) + length;
      if (seen > WINDOW) {
        columns.setSeen(flow, direction, seen);
        // As in Dissector.closeWhenBarren: nothing was found in this flow, so that nothing else keeps it open.
        const isBarren = (flags & (Flag.SynSeen << direction)) !== 0 && (flags & (Flag.Http << direction)) === 0;
        if (isBarren) rows[row + STAGE + direction] = Stage.Closed;
      } else {
        rows[row + SEEN + direction] = seen;
      }
      columns.used[flow] = offset;
    } else if (stage !== Stage.Closed) {
      return false;
    }
    if ((flags & Flag.Underway) !== 0) this.#journal?.steps.push(flow, direction, offset);
    return true;
  }
}
