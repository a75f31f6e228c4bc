/** One TCP segment to put into a capture. */
export interface SegmentSpec {
  /** True: from the client to the server. */
  readonly fromClient: boolean;
  /** Relative to the direction's first byte, which is 1; the SYN is 0. */
  readonly sequence: number;
  readonly flags: number;
  readonly payload: Buffer;
  /** The client's port, when it is not the usual one. */
  readonly port?: number;
}

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const SYN_ACK = 0x12;
export const ACK = 0x10;

const CLIENT = { address: [10, 1, 0, 5], port: 40_001 };
const SERVER = { address: [10, 2, 0, 11], port: 8080 };
const NOTHING = Buffer.alloc(0);

/** A classic pcap (Ethernet, IPv4, microseconds) with these segments, a millisecond apart. */
export function buildCapture(segments: readonly SegmentSpec[], keep = 65_535): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  return Buffer.concat([header, ...segments.map((segment, index) => record(segment, index, keep))]);
}

/** Opens a connection and sends the client's bytes, and the server's, cut at the given places. */
export function conversation(client: Buffer, clientCuts: readonly number[], server: Buffer = NOTHING): SegmentSpec[] {
  return [
    { fromClient: true, sequence: 0, flags: SYN, payload: NOTHING },
    { fromClient: false, sequence: 0, flags: SYN_ACK, payload: NOTHING },
    ...cut(client, clientCuts).map(({ from, payload }) => ({
      fromClient: true,
      sequence: 1 + from,
      flags: ACK,
      payload,
    })),
    ...cut(server, []).map(({ from, payload }) => ({ fromClient: false, sequence: 1 + from, flags: ACK, payload })),
  ];
}

function cut(bytes: Buffer, places: readonly number[]): { from: number; payload: Buffer }[] {
  const bounds = [...new Set([0, ...places.map(place => place % (bytes.length || 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  return bounds.slice(0, -1).map((from, index) => ({ from, payload: bytes.subarray(from, bounds[index + 1]) }));
}

function record(segment: SegmentSpec, index: number, keep: number): Buffer {
  const client = { ...CLIENT, port: segment.port ?? CLIENT.port };
  const [from, to] = segment.fromClient ? [client, SERVER] : [SERVER, client];
  const packet = Buffer.alloc(54 + segment.payload.length);
  packet.writeUInt16BE(0x0800, 12);
  packet[14] = 0x45;
  packet.writeUInt16BE(40 + segment.payload.length, 16);
  packet[23] = 6;
  packet.set(from.address, 26);
  packet.set(to.address, 30);
  packet.writeUInt16BE(from.port, 34);
  packet.writeUInt16BE(to.port, 36);
  packet.writeUInt32BE((1_000_000 + segment.sequence) >>> 0, 38);
  packet[46] = 0x50;
  packet[47] = segment.flags;
  segment.payload.copy(packet, 54);
  const captured = packet.subarray(0, keep);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(1_700_000_000, 0);
  header.writeUInt32LE(index * 1000, 4);
  header.writeUInt32LE(captured.length, 8);
  header.writeUInt32LE(packet.length, 12);
  return Buffer.concat([header, captured]);
}
