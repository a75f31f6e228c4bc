import { formatIpv4, formatIpv6 } from '../decoding/addresses.ts';
import type { Instant } from '../reading/timestamps.ts';
import type { Conversation } from './conversation.ts';
import { Flag, Stage, type Direction } from './stage.ts';

/** 32-bit words of a key: two addresses of four words, and both ports. IPv4 uses words 0, 4 and 8. */
export const KEY_WORDS = 9;

/** One end of a connection. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const PER_DIRECTION = ['next', 'seen', 'stage', 'initial'] as const;
const PER_FLOW = ['hash', 'flags', 'used', 'offset', 'seconds', 'nanos'] as const;
const COLUMNS = ['keys', ...PER_DIRECTION, ...PER_FLOW] as const;

/** What is known of each flow, column by column: about 110 bytes a flow. */
export class FlowColumns {
  readonly capacity: number;
  readonly keys: Int32Array;
  readonly hash: Int32Array;
  readonly flags: Uint8Array;
  /** Per direction: the sequence number that comes next, payload bytes so far, the stage, the sequence number of SYN. */
  readonly next: Int32Array;
  readonly seen: Float64Array;
  readonly stage: Uint8Array;
  readonly initial: Int32Array;
  /** When the flow was last touched, counted in segments: the oldest goes first when room is short. */
  readonly used: Float64Array;
  /** File offset of the first packet, and its time. */
  readonly offset: Float64Array;
  readonly seconds: Float64Array;
  readonly nanos: Uint32Array;
  readonly conversations: (Conversation | undefined)[];

  constructor(capacity: number, conversations: (Conversation | undefined)[] = []) {
    this.conversations = conversations;
    this.capacity = capacity;
    this.keys = new Int32Array(capacity * KEY_WORDS);
    this.hash = new Int32Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.next = new Int32Array(capacity * 2);
    this.seen = new Float64Array(capacity * 2);
    this.stage = new Uint8Array(capacity * 2);
    this.initial = new Int32Array(capacity * 2);
    this.used = new Float64Array(capacity);
    this.offset = new Float64Array(capacity);
    this.seconds = new Float64Array(capacity);
    this.nanos = new Uint32Array(capacity);
  }

  /** The same flows with room for more. */
  static enlarged(old: FlowColumns, capacity: number): FlowColumns {
    const columns = new FlowColumns(capacity, old.conversations);
    for (const name of COLUMNS) columns[name].set(old[name]);
    return columns;
  }

  /** Makes the flow a new connection that begins at this offset and time. Its key stays. */
  begin(flow: number, offset: number, at: Instant): void {
    this.flags[flow] = (this.flags[flow] as number) & Flag.Ipv6;
    for (const side of [flow * 2, flow * 2 + 1]) {
      this.stage[side] = Stage.Open;
      this.seen[side] = 0;
    }
    this.offset[flow] = offset;
    this.seconds[flow] = at.seconds;
    this.nanos[flow] = at.nanos;
    this.conversations[flow] = undefined;
  }

  /** Copies flow `from` of `other` to flow `to`. */
  copy(to: number, other: FlowColumns, from: number): void {
    copyRow(this.keys, to, other.keys, from, KEY_WORDS);
    for (const name of PER_DIRECTION) copyRow(this[name], to, other[name], from, 2);
    for (const name of PER_FLOW) copyRow(this[name], to, other[name], from, 1);
    this.conversations[to] = other.conversations[from];
  }

  firstSeen(flow: number): Instant {
    return { seconds: this.seconds[flow] as number, nanos: this.nanos[flow] as number };
  }

  /** The sender of packets with this direction. */
  endpoint(flow: number, direction: Direction): Endpoint {
    const at = flow * KEY_WORDS + direction * 4;
    const ports = this.keys[flow * KEY_WORDS + 8] as number;
    const ipv6 = ((this.flags[flow] as number) & Flag.Ipv6) !== 0;
    return {
      address: ipv6 ? formatIpv6(this.keys, at) : formatIpv4(this.keys[at] as number),
      port: direction === 0 ? ports >>> 16 : ports & 0xffff,
    };
  }
}

type Column = Int32Array | Uint32Array | Float64Array | Uint8Array;

function copyRow(to: Column, toRow: number, from: Column, fromRow: number, width: number): void {
  for (let index = 0; index < width; index++) to[toRow * width + index] = from[fromRow * width + index] as number;
}
