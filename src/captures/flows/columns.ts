import { formatIpv4, formatIpv6 } from '../decoding/addresses.ts';
import type { Instant } from '../reading/timestamps.ts';
import type { Conversation } from './conversation.ts';
import { Flag, Stage, type Direction } from './stage.ts';

/** 32-bit words of a key: two addresses of four words, and both ports. IPv4 uses words 0, 4 and 8. */
export const KEY_WORDS = 9;
/** Words of a row: what every segment looks at stands together, in one line of the processor's cache. */
export const ROW_WORDS = 16;
export const PORTS = 8;
export const FLAGS = 9;
export const STAGE = 10;
export const NEXT = 12;
export const SEEN = 14;
const MOST_SEEN = 0x7fff_ffff;

/** One end of a connection. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const PER_FLOW = ['hash', 'used', 'offset', 'seconds', 'nanos'] as const;

/** What is known of each flow, in typed arrays: about 110 bytes a flow, and nothing for the garbage collector. */
export class FlowColumns {
  /** How many flows find room. */
  readonly capacity: number;
  /** Key, flags, and for each direction the stage, the sequence number that comes next, and the bytes so far. */
  readonly rows: Int32Array;
  readonly hash: Int32Array;
  /** Per direction: the sequence number of its SYN. */
  readonly initial: Int32Array;
  /** File offset of the packet by which the flow last mattered: the oldest goes first when room is short. */
  readonly used: Float64Array;
  /** File offset of the first packet, and its time. */
  readonly offset: Float64Array;
  readonly seconds: Float64Array;
  readonly nanos: Uint32Array;
  readonly conversations: (Conversation | undefined)[];

  /** With `old`: takes over as many of its flows as find room, and its memory, so that it cannot be used any more. */
  constructor(capacity: number, old?: FlowColumns) {
    const memory = (column: Column | undefined, bytes: number): ArrayBuffer =>
      column ? (column.buffer as ArrayBuffer).transfer(bytes * capacity) : new ArrayBuffer(bytes * capacity);
    this.capacity = capacity;
    this.rows = new Int32Array(memory(old?.rows, 4 * ROW_WORDS));
    this.hash = new Int32Array(memory(old?.hash, 4));
    this.initial = new Int32Array(memory(old?.initial, 8));
    this.used = new Float64Array(memory(old?.used, 8));
    this.offset = new Float64Array(memory(old?.offset, 8));
    this.seconds = new Float64Array(memory(old?.seconds, 8));
    this.nanos = new Uint32Array(memory(old?.nanos, 4));
    this.conversations = old?.conversations ?? [];
  }

  /** Makes the flow a new connection that begins at this offset and time. Its key stays. */
  begin(flow: number, offset: number, at: Instant): void {
    this.setFlags(flow, this.flags(flow) & Flag.Ipv6);
    for (const direction of [0, 1] as const) {
      this.setStage(flow, direction, Stage.Open);
      this.setSeen(flow, direction, 0);
    }
    this.offset[flow] = offset;
    this.seconds[flow] = at.seconds;
    this.nanos[flow] = at.nanos;
    this.conversations[flow] = undefined;
  }

  /** Copies flow `from` of `other` to flow `to`. */
  copy(to: number, other: FlowColumns, from: number): void {
    copyRow(this.rows, to, other.rows, from, ROW_WORDS);
    copyRow(this.initial, to, other.initial, from, 2);
    for (const name of PER_FLOW) copyRow(this[name], to, other[name], from, 1);
    this.conversations[to] = other.conversations[from];
  }

  flags(flow: number): number {
    return this.rows[flow * ROW_WORDS + FLAGS] as number;
  }

  setFlags(flow: number, flags: number): void {
    this.rows[flow * ROW_WORDS + FLAGS] = flags;
  }

  /** False for a flow of which only the end was seen. */
  hasBegun(flow: number): boolean {
    return (this.flags(flow) & (Flag.Data | Flag.SynSeen | (Flag.SynSeen << 1))) !== 0;
  }

  stage(flow: number, direction: Direction): Stage {
    return this.rows[flow * ROW_WORDS + STAGE + direction] as Stage;
  }

  setStage(flow: number, direction: Direction, stage: Stage): void {
    this.rows[flow * ROW_WORDS + STAGE + direction] = stage;
  }

  next(flow: number, direction: Direction): number {
    return this.rows[flow * ROW_WORDS + NEXT + direction] as number;
  }

  setNext(flow: number, direction: Direction, sequence: number): void {
    this.rows[flow * ROW_WORDS + NEXT + direction] = sequence;
  }

  seen(flow: number, direction: Direction): number {
    return this.rows[flow * ROW_WORDS + SEEN + direction] as number;
  }

  /** Counts no further than two gigabytes, which is far beyond what anybody asks. */
  setSeen(flow: number, direction: Direction, bytes: number): void {
    this.rows[flow * ROW_WORDS + SEEN + direction] = Math.min(bytes, MOST_SEEN);
  }

  firstSeen(flow: number): Instant {
    return { seconds: this.seconds[flow] as number, nanos: this.nanos[flow] as number };
  }

  isClosed(flow: number, direction: Direction): boolean {
    return this.stage(flow, direction) === Stage.Closed;
  }

  /** True when nothing more of either direction is of interest. */
  isOver(flow: number): boolean {
    return this.isClosed(flow, 0) && this.isClosed(flow, 1);
  }

  /** True when this direction of the flow is known to have begun with this SYN. */
  hasOpenedWith(flow: number, direction: Direction, sequence: number): boolean {
    const synSeen = (this.flags(flow) & (Flag.SynSeen << direction)) !== 0;
    return synSeen && this.initial[flow * 2 + direction] === sequence;
  }

  /** True when a SYN with this number begins another connection than the one that is known. */
  opensAnew(flow: number, direction: Direction, sequence: number): boolean {
    const used = (this.flags(flow) & (Flag.Data | (Flag.SynSeen << direction))) !== 0;
    return used && !this.hasOpenedWith(flow, direction, sequence);
  }

  /** The sender of packets with this direction. */
  endpoint(flow: number, direction: Direction): Endpoint {
    const at = flow * ROW_WORDS + direction * 4;
    const ports = this.rows[flow * ROW_WORDS + 8] as number;
    const ipv6 = (this.flags(flow) & Flag.Ipv6) !== 0;
    return {
      address: ipv6 ? formatIpv6(this.rows, at) : formatIpv4(this.rows[at] as number),
      port: direction === 0 ? ports >>> 16 : ports & 0xffff,
    };
  }
}

type Column = Int32Array | Uint32Array | Float64Array;

function copyRow(to: Column, toRow: number, from: Column, fromRow: number, width: number): void {
  for (let index = 0; index < width; index++) to[toRow * width + index] = from[fromRow * width + index] as number;
}
