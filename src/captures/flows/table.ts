import type { Segment } from '../decoding/segment.ts';
import { instant } from '../reading/timestamps.ts';
import { FlowColumns, KEY_WORDS, ROW_WORDS } from './columns.ts';
import { Flag, type Direction } from './stage.ts';

const FIRST_CAPACITY = 1024;

/**
 * Finds connections by addresses and ports: open addressing over typed arrays, no garbage for a packet that is looked
 * up. The end with the lower address (or port) is end 0; a packet from it has direction 0.
 */
export class FlowTable {
  /** Flows in use: 0 to `size - 1`. */
  size = 0;
  columns = new FlowColumns(FIRST_CAPACITY);
  /** Set by `find`: which end sent the segment. */
  direction: Direction = 0;
  #slots = new Int32Array(FIRST_CAPACITY * 2).fill(-1);
  #hash = 0;
  #ports = 0;

  /** The flow of a segment, or -1. */
  find(segment: Segment): number {
    this.#orient(segment);
    const { rows } = this.columns;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const fromLow = this.direction === 0;
    const low = fromLow ? segment.source0 : segment.destination0;
    const high = fromLow ? segment.destination0 : segment.source0;
    const ports = this.#ports;
    const hash = segment.ipv6 ? hashIpv6(segment, low, high, ports) : mix(low, high, ports);
    this.#hash = hash;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const flow = slots[slot] as number;
      if (flow === -1) return -1;
      const at = flow * ROW_WORDS;
      if (rows[at + 8] !== ports || rows[at] !== low || rows[at + 4] !== high) continue;
      if (this.#sameFamily(flow, segment)) return flow;
    }
  }

  /** Adds the flow of the segment that `find` has just not found. */
  add(segment: Segment): number {
    if (this.size === this.columns.capacity) this.#grow();
    const flow = this.size++;
    const { columns } = this;
    const at = flow * ROW_WORDS;
    const fromLow = this.direction === 0;
    columns.rows.fill(0, at, at + ROW_WORDS);
    if (segment.ipv6) {
      columns.rows.set(fromLow ? segment.source : segment.destination, at);
      columns.rows.set(fromLow ? segment.destination : segment.source, at + 4);
    } else {
      columns.rows[at] = fromLow ? segment.source0 : segment.destination0;
      columns.rows[at + 4] = fromLow ? segment.destination0 : segment.source0;
    }
    columns.rows[at + 8] = this.#ports;
    columns.hash[flow] = this.#hash;
    columns.setFlags(flow, segment.ipv6 ? Flag.Ipv6 : 0);
    columns.begin(flow, segment.offset, instant(segment.timestamps, segment.stampHigh, segment.stampLow));
    this.#link(flow);
    return flow;
  }

  /** The flow with the key of flow `from` of another table, or -1. */
  findLike(other: FlowColumns, from: number): number {
    const { columns } = this;
    const mask = this.#slots.length - 1;
    for (let slot = (other.hash[from] as number) & mask; ; slot = (slot + 1) & mask) {
      const flow = this.#slots[slot] as number;
      if (flow === -1) return -1;
      const sameFamily = ((columns.flags(flow) ^ other.flags(from)) & Flag.Ipv6) === 0;
      if (sameFamily && sameKey(columns.rows, flow, other.rows, from)) return flow;
    }
  }

  /** Adds flow `from` of another table, which `findLike` has not found. */
  adopt(other: FlowColumns, from: number): number {
    if (this.size === this.columns.capacity) this.#grow();
    const flow = this.size++;
    this.columns.copy(flow, other, from);
    this.#link(flow);
    return flow;
  }

  /** Forgets all flows but these. */
  keep(flows: readonly number[]): void {
    this.#rebuild(flows.length === 0 ? FIRST_CAPACITY : this.columns.capacity, flows);
  }

  #grow(): void {
    const old = this.columns;
    this.columns = FlowColumns.enlarged(old, old.capacity * 2);
    this.#slots = new Int32Array(this.columns.capacity * 2).fill(-1);
    for (let flow = 0; flow < this.size; flow++) this.#link(flow);
  }

  #rebuild(capacity: number, flows: readonly number[]): void {
    const old = this.columns;
    this.columns = new FlowColumns(capacity);
    this.#slots = new Int32Array(capacity * 2).fill(-1);
    this.size = flows.length;
    flows.forEach((from, to) => {
      this.columns.copy(to, old, from);
      this.#link(to);
    });
  }

  #link(flow: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (this.columns.hash[flow] as number) & mask;
    while (slots[slot] !== -1) slot = (slot + 1) & mask;
    slots[slot] = flow;
  }

  #orient(segment: Segment): void {
    const { sourcePort, destinationPort } = segment;
    let order = segment.source0 - segment.destination0;
    if (segment.ipv6) {
      for (let word = 1; word < 4 && order === 0; word++) {
        order = (segment.source[word] as number) - (segment.destination[word] as number);
      }
    }
    if (order === 0) order = sourcePort - destinationPort;
    this.direction = order <= 0 ? 0 : 1;
    this.#ports = order <= 0 ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
  }

  #sameFamily(flow: number, segment: Segment): boolean {
    if ((this.columns.flags(flow) & Flag.Ipv6) === 0) return !segment.ipv6;
    if (!segment.ipv6) return false;
    const { rows } = this.columns;
    const at = flow * ROW_WORDS;
    const low = this.direction === 0 ? segment.source : segment.destination;
    const high = this.direction === 0 ? segment.destination : segment.source;
    for (let word = 1; word < 4; word++) {
      if (rows[at + word] !== low[word] || rows[at + 4 + word] !== high[word]) return false;
    }
    return true;
  }
}

function mix(low: number, high: number, ports: number): number {
  let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0xc2b2ae35) ^ Math.imul(ports, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** The same from both ends, because each word of the addresses is joined by exclusive or. */
function hashIpv6(segment: Segment, low: number, high: number, ports: number): number {
  const { source, destination } = segment;
  const rest =
    Math.imul((source[1] as number) ^ (destination[1] as number), 0x27d4eb2f) ^
    Math.imul((source[2] as number) ^ (destination[2] as number), 0x165667b1) ^
    ((source[3] as number) ^ (destination[3] as number));
  return mix(low ^ rest, high, ports);
}

function sameKey(keys: Int32Array, flow: number, otherKeys: Int32Array, from: number): boolean {
  for (let word = 0; word < KEY_WORDS; word++) {
    if (keys[flow * ROW_WORDS + word] !== otherKeys[from * ROW_WORDS + word]) return false;
  }
  return true;
}
