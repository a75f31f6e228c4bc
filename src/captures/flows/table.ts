import type { Segment } from '../decoding/segment.ts';
import { instant } from '../reading/timestamps.ts';
import { FLAGS, FlowColumns, KEY_WORDS, PORTS, ROW_WORDS } from './columns.ts';
import { Flag, type Direction } from './stage.ts';

/** Connections that are followed at a time. */
const MOST_FLOWS = 512 * 1024;
const FIRST_CAPACITY = 256;

/**
 * Finds connections by addresses and ports: open addressing over typed arrays, no garbage for a packet that is looked
 * up. The end with the lower address (or port) is end 0; a packet from it has direction 0.
 */
export class FlowTable {
  /** Flows in use: 0 to `size - 1`. */
  size = 0;
  columns = new FlowColumns(0);
  /** Set by `find`: which end sent the segment. */
  direction: Direction = 0;
  /** Flow numbers plus one, by hash; 0 where there is none. Twice as many as flows find room. */
  slots = new Int32Array(0);
  #hash = 0;
  #ports = 0;

  constructor() {
    // Assigned twice on purpose: what never changed would be built into compiled code, which then is lost at the first growth.
    this.#setColumns(new FlowColumns(FIRST_CAPACITY));
  }

  /** True when so many more flows find room. */
  hasRoom(flows: number): boolean {
    return this.size + flows <= MOST_FLOWS;
  }

  /** The flow of a segment, or -1. */
  find(segment: Segment): number {
    const { sourcePort, destinationPort } = segment;
    return segment.ipv6
      ? this.findIpv6(segment.source, segment.destination, sourcePort, destinationPort)
      : this.#findIpv4(segment);
  }

  #findIpv4({ source0, destination0, sourcePort, destinationPort }: Segment): number {
    const fromLow = source0 < destination0 || (source0 === destination0 && sourcePort <= destinationPort);
    const low = fromLow ? source0 : destination0;
    const high = fromLow ? destination0 : source0;
    const ports = fromLow ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
    const hash = hashIpv4(low, high, ports);
    this.direction = fromLow ? 0 : 1;
    this.#ports = ports;
    this.#hash = hash;
    const { slots } = this;
    const { rows } = this.columns;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const flow = (slots[slot] as number) - 1;
      if (flow === -1) return -1;
      const at = flow * ROW_WORDS;
      if (rows[at + PORTS] !== ports || rows[at] !== low || rows[at + 4] !== high) continue;
      if (((rows[at + FLAGS] as number) & Flag.Ipv6) === 0) return flow;
    }
  }

  /** The same for IPv6, from addresses of four words. */
  findIpv6(source: Int32Array, destination: Int32Array, sourcePort: number, destinationPort: number): number {
    let order = 0;
    for (let word = 0; word < 4 && order === 0; word++) {
      order = (source[word] as number) - (destination[word] as number);
    }
    if (order === 0) order = sourcePort - destinationPort;
    const low = order <= 0 ? source : destination;
    const high = order <= 0 ? destination : source;
    this.direction = order <= 0 ? 0 : 1;
    this.#ports = order <= 0 ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
    this.#hash = hashIpv6(low, high, this.#ports);
    const slots = this.slots;
    const mask = slots.length - 1;
    for (let slot = this.#hash & mask; ; slot = (slot + 1) & mask) {
      const flow = (slots[slot] as number) - 1;
      if (flow === -1 || this.#isIpv6Flow(flow, low, high)) return flow;
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
    columns.rows[at + PORTS] = this.#ports;
    columns.hash[flow] = this.#hash;
    columns.setFlags(flow, segment.ipv6 ? Flag.Ipv6 : 0);
    columns.begin(flow, segment.offset, instant(segment.timestamps, segment.stampHigh, segment.stampLow));
    this.#link(flow);
    return flow;
  }

  /** The flow with the key of flow `from` of another table, or -1. */
  findLike(other: FlowColumns, from: number): number {
    const { columns } = this;
    const mask = this.slots.length - 1;
    for (let slot = (other.hash[from] as number) & mask; ; slot = (slot + 1) & mask) {
      const flow = (this.slots[slot] as number) - 1;
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

  /** Forgets all flows but these, which are in ascending order. */
  keep(flows: ArrayLike<number>): void {
    for (let flow = 0; flow < this.size; flow++) this.#clearSlots(flow);
    for (let to = 0; to < flows.length; to++) this.columns.copy(to, this.columns, flows[to] as number);
    this.columns.conversations.length = flows.length;
    this.size = flows.length;
    for (let flow = 0; flow < this.size; flow++) this.#link(flow);
  }

  #grow(): void {
    this.#setColumns(new FlowColumns(2 * this.columns.capacity, this.columns));
    for (let flow = 0; flow < this.size; flow++) this.#link(flow);
  }

  #setColumns(columns: FlowColumns): void {
    this.columns = columns;
    this.slots = new Int32Array(2 * columns.capacity);
  }

  /** Clears the slots of a flow and of those behind it: all are linked anew, or gone. */
  #clearSlots(flow: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let slot = (this.columns.hash[flow] as number) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      slots[slot] = 0;
    }
  }

  #link(flow: number): void {
    const slots = this.slots;
    const mask = slots.length - 1;
    let slot = (this.columns.hash[flow] as number) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = flow + 1;
  }

  #isIpv6Flow(flow: number, low: Int32Array, high: Int32Array): boolean {
    const { rows } = this.columns;
    const at = flow * ROW_WORDS;
    if (rows[at + PORTS] !== this.#ports || (this.columns.flags(flow) & Flag.Ipv6) === 0) return false;
    for (let word = 0; word < 4; word++) {
      if (rows[at + word] !== low[word] || rows[at + 4 + word] !== high[word]) return false;
    }
    return true;
  }
}

/** The hash of an IPv4 flow from its lower and higher address and both ports, in the order of the addresses. */
export function hashIpv4(low: number, high: number, ports: number): number {
  let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0xc2b2ae35) ^ Math.imul(ports, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function hashIpv6(low: Int32Array, high: Int32Array, ports: number): number {
  const rest =
    Math.imul((low[1] as number) ^ (high[1] as number), 0x27d4eb2f) ^
    Math.imul((low[2] as number) ^ (high[2] as number), 0x165667b1) ^
    ((low[3] as number) ^ (high[3] as number));
  return hashIpv4((low[0] as number) ^ rest, high[0] as number, ports);
}

function sameKey(keys: Int32Array, flow: number, otherKeys: Int32Array, from: number): boolean {
  for (let word = 0; word < KEY_WORDS; word++) {
    if (keys[flow * ROW_WORDS + word] !== otherKeys[from * ROW_WORDS + word]) return false;
  }
  return true;
}
