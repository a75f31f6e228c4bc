import { FIN, RST, SYN } from '../decoding/segment.ts';
import { isUdpTunnel } from '../decoding/udp-tunnels.ts';
import type { IdleRequests } from '../forwarding/idle-requests.ts';
import type { QuickLook, RecordForm } from '../reading/scanner.ts';
import { LONGEST_PACKET } from '../reading/scanner.ts';
import { mayBegin, WINDOW } from './beginnings.ts';
import { FLAGS, NEXT, PORTS, ROW_WORDS, SEEN, STAGE } from './columns.ts';
import type { Journal } from './journal.ts';
import { Flag, Stage, type Direction } from './stage.ts';
import { hashIpv4, type FlowTable } from './table.ts';

const VLAN = 0x8100;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TCP = 6;
const UDP = 17;
const FRAGMENT = 0x3fff;
const ENHANCED_PACKET = 6;
/** Ethernet, IPv4 and TCP without options. */
const LEAST_BYTES = 54;

/**
 * Most packets of a capture change nothing but counts: they acknowledge, or belong to a direction in which nothing more
 * is of interest, or carry what can begin nothing that is. A few loads tell them, for Ethernet with at most one VLAN tag,
 * IPv4 without options and fragments, IPv6 without extension headers, TCP, and UDP that is no tunnel. The decoder and
 * the tracker would do the same with them, many times as slowly; a test compares the two.
 */
export class Glance implements QuickLook {
  taken = 0;
  last = -1;
  readonly #table: FlowTable;
  readonly #journal: Journal | undefined;
  readonly #idleRequests: IdleRequests;
  readonly #source = new Int32Array(4);
  readonly #destination = new Int32Array(4);

  constructor(table: FlowTable, journal: Journal | undefined, idleRequests: IdleRequests) {
    this.#idleRequests = idleRequests;
    this.#table = table;
    this.#journal = journal;
  }

  // One long loop on purpose: arrays are fetched once for all packets, and `| 0` spares the checks for overflow. Split into
  // methods it takes twice the time.
  run(view: DataView, start: number, stop: number, end: number, form: RecordForm, origin: number): number {
    const { littleEndian, headerBytes, capturedAt, interfaces } = form;
    const table = this.#table;
    const { columns, slots } = table;
    const { rows, used, conversations } = columns;
    const mask = (slots.length - 1) | 0;
    let taken = 0;
    let last = -1;
    let at = start | 0;
    while (at <= stop) {
      const captured = view.getInt32((at + capturedAt) | 0, littleEndian);
      if (captured < LEAST_BYTES || captured > LONGEST_PACKET) break;
      const frame = (at + headerBytes) | 0;
      const frameEnd = (frame + captured) | 0;
      let next = frameEnd;
      if (interfaces > 0) {
        const total = view.getInt32((at + 4) | 0, littleEndian);
        next = (at + total) | 0;
        if (view.getInt32(at, littleEndian) !== ENHANCED_PACKET || total > LONGEST_PACKET) break;
        if (next > end || frameEnd + 4 > next || view.getUint32((at + 8) | 0, littleEndian) >= interfaces) break;
        if (view.getInt32((next - 4) | 0, littleEndian) !== total || (total & 3) !== 0) break;
      }
      if (next > end) break;

      let ip = (frame + 14) | 0;
      let type = view.getUint16((frame + 12) | 0);
      if (type === VLAN) {
        type = view.getUint16((frame + 16) | 0);
        ip = (frame + 18) | 0;
      }
      let tcp = (ip + 20) | 0;
      let ipEnd = 0;
      let protocol = 0;
      if (type === IPV4) {
        protocol = view.getUint8((ip + 9) | 0);
        if (view.getUint8(ip) !== 0x45) break;
        if ((view.getUint16((ip + 6) | 0) & FRAGMENT) !== 0) break;
        ipEnd = (ip + view.getUint16((ip + 2) | 0)) | 0;
      } else {
        tcp = (ip + 40) | 0;
        if (type !== IPV6) break;
        protocol = view.getUint8((ip + 6) | 0);
        ipEnd = (tcp + view.getUint16((ip + 4) | 0)) | 0;
      }
      if (((tcp + 20) | 0) > frameEnd) break;
      if (protocol === UDP && !isUdpTunnel(view.getUint16(tcp), view.getUint16((tcp + 2) | 0))) {
        taken = (taken + 1) | 0;
        last = at;
        at = next;
        continue;
      }
      if (protocol !== TCP) break;
      const lengthAndFlags = view.getUint16((tcp + 12) | 0);
      const headerLength = (lengthAndFlags >> 12) << 2;
      const payload = (tcp + headerLength) | 0;
      const length = (ipEnd - payload) | 0;
      const wireLength = view.getInt32((at + capturedAt + 4) | 0, littleEndian);
      // An IP length of 0 stands for any (offload): that, and what does not add up, is for the decoder to judge.
      if (headerLength < 20 || length < 0 || ((ipEnd - frame) | 0) > wireLength || (lengthAndFlags & SYN) !== 0) break;

      const ends = (lengthAndFlags & (FIN | RST)) !== 0;
      if (length > 0 || ends) {
        const sourcePort = view.getUint16(tcp);
        const destinationPort = view.getUint16((tcp + 2) | 0);
        let flow = -1;
        let direction: Direction = 0;
        if (type === IPV4) {
          const source = view.getInt32((ip + 12) | 0);
          const destination = view.getInt32((ip + 16) | 0);
          const fromLow = source < destination || (source === destination && sourcePort <= destinationPort);
          const low = fromLow ? source : destination;
          const high = fromLow ? destination : source;
          const ports = fromLow ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
          direction = fromLow ? 0 : 1;
          let slot = hashIpv4(low, high, ports) & mask;
          for (;;) {
            flow = ((slots[slot] as number) - 1) | 0;
            if (flow === -1) break;
            const row = (flow * ROW_WORDS) | 0;
            if (rows[(row + PORTS) | 0] === ports && rows[row] === low && rows[(row + 4) | 0] === high) {
              if (((rows[(row + FLAGS) | 0] as number) & Flag.Ipv6) === 0) break;
            }
            slot = ((slot + 1) | 0) & mask;
          }
        } else {
          flow = this.#findIpv6(view, ip, sourcePort, destinationPort);
          direction = table.direction;
        }
        if (flow === -1) break;

        const row = (flow * ROW_WORDS) | 0;
        let flags = rows[(row + FLAGS) | 0] as number;
        const stage = rows[(row + STAGE + direction) | 0] as number;
        // An end matters only to a conversation.
        if ((flags & Flag.Data) === 0 || (ends && conversations[flow] !== undefined)) break;
        if (length > 0 && stage !== Stage.Closed) {
          if (stage !== Stage.Open) break;
          const sequence = view.getInt32((tcp + 4) | 0);
          if (sequence !== rows[(row + NEXT + direction) | 0] || (flags & (Flag.NextKnown << direction)) === 0) break;
          const payloadEnd = ipEnd < frameEnd ? ipEnd : frameEnd;
          if (payload >= payloadEnd || conversations[flow] !== undefined) break;
          if (mayBegin(view, payload, payloadEnd)) {
            if (payloadEnd !== ipEnd || !this.#idleRequests.includes(view, payload, payloadEnd)) break;
            // As in `beginRequest`.
            flags |= Flag.Http << direction;
            rows[(row + FLAGS) | 0] = flags;
            rows[(row + STAGE + 1 - direction) | 0] = Stage.Closed;
          }
          rows[(row + NEXT + direction) | 0] = (sequence + length) | 0;
          const seen = (rows[row + SEEN + direction] as number) + length;
          columns.setSeen(flow, direction, seen);
          used[flow] = origin + at;
          // As in Dissector.closeWhenBarren; there is no conversation, so that this can be no answer either.
          const wasFollowed = (flags & (Flag.SynSeen << direction)) !== 0 && (flags & (Flag.Http << direction)) === 0;
          if (seen > WINDOW && wasFollowed) rows[(row + STAGE + direction) | 0] = Stage.Closed;
        }
        if ((flags & Flag.Underway) !== 0) this.#journal?.steps.push(flow, direction, origin + at, ends);
      }
      taken = (taken + 1) | 0;
      last = at;
      at = next;
    }
    this.taken = taken;
    this.last = last;
    return at;
  }

  #findIpv6(view: DataView, ip: number, sourcePort: number, destinationPort: number): number {
    for (let word = 0; word < 4; word++) {
      this.#source[word] = view.getInt32(ip + 8 + word * 4);
      this.#destination[word] = view.getInt32(ip + 24 + word * 4);
    }
    return this.#table.findIpv6(this.#source, this.#destination, sourcePort, destinationPort);
  }
}
