/** A packet of a capture and its length on the wire. */
export interface CapturedPacket {
  readonly bytes: Buffer;
  readonly wireLength: number;
}

/** The packets of a classic pcap in little endian, as `buildCapture` writes it. */
export function recordsOf(pcap: Buffer): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  for (let at = 24; at < pcap.length;) {
    const captured = pcap.readUInt32LE(at + 8);
    packets.push({ bytes: pcap.subarray(at + 16, at + 16 + captured), wireLength: pcap.readUInt32LE(at + 12) });
    at += 16 + captured;
  }
  return packets;
}

/** The same packet with a VLAN tag (IEEE 802.1Q). */
export function tagged({ bytes, wireLength }: CapturedPacket): CapturedPacket {
  const tag = Buffer.from([0x81, 0x00, 0x00, 0x2a]);
  return { bytes: Buffer.concat([bytes.subarray(0, 12), tag, bytes.subarray(12)]), wireLength: wireLength + 4 };
}

/** The same segment over IPv6; each address becomes the end of a longer one. */
export function asIpv6({ bytes }: CapturedPacket): CapturedPacket {
  const header = Buffer.alloc(54);
  bytes.copy(header, 0, 0, 12);
  header.writeUInt16BE(0x86dd, 12);
  header[14] = 0x60;
  header.writeUInt16BE(bytes.length - 34, 18);
  header[20] = 6;
  header.writeUInt32BE(0x20010db8, 22);
  bytes.copy(header, 34, 26, 30);
  header.writeUInt32BE(0x20010db8, 38);
  bytes.copy(header, 50, 30, 34);
  const whole = Buffer.concat([header, bytes.subarray(34)]);
  return { bytes: whole, wireLength: whole.length };
}

/** The same packet inside VXLAN (RFC 7348) over IPv4, or inside nothing that is known when the port is another. */
export function inUdp({ bytes, wireLength }: CapturedPacket, sourcePort: number, port: number): CapturedPacket {
  const header = Buffer.alloc(50);
  header.writeUInt16BE(0x0800, 12);
  header[14] = 0x45;
  header.writeUInt16BE(36 + bytes.length, 16);
  header[23] = 17;
  header.writeUInt32BE(0xc0000201, 26);
  header.writeUInt32BE(0xc0000202, 30);
  header.writeUInt16BE(sourcePort, 34);
  header.writeUInt16BE(port, 36);
  header.writeUInt16BE(16 + bytes.length, 38);
  header[42] = 0x08;
  return { bytes: Buffer.concat([header, bytes]), wireLength: wireLength + 50 };
}

/** The same packet (Ethernet, IPv4 without options) in two IP fragments; the first has `bytes` of payload, a multiple of 8. */
export function inFragments({ bytes }: CapturedPacket, first: number, identification: number): CapturedPacket[] {
  const parts = [
    { offset: 0, more: true, payload: bytes.subarray(34, 34 + first) },
    { offset: first, more: false, payload: bytes.subarray(34 + first) },
  ];
  return parts.map(({ offset, more, payload }) => {
    const part = Buffer.concat([bytes.subarray(0, 34), payload]);
    part.writeUInt16BE(20 + payload.length, 16);
    part.writeUInt16BE(identification, 18);
    part.writeUInt16BE((more ? 0x2000 : 0) | (offset / 8), 20);
    return { bytes: part, wireLength: part.length };
  });
}

/** What a capture with this limit keeps of the packet. */
export function cutAt({ bytes, wireLength }: CapturedPacket, keep: number): CapturedPacket {
  return { bytes: bytes.subarray(0, keep), wireLength };
}

/** A classic pcap (Ethernet, microseconds), a millisecond apart. */
export function asPcap(packets: readonly CapturedPacket[], bigEndian: boolean): Buffer {
  const words = wordsIn(bigEndian);
  const records = packets.flatMap(({ bytes, wireLength }, index) => [
    words(1_700_000_000, index * 1000, bytes.length, wireLength),
    bytes,
  ]);
  return Buffer.concat([words(0xa1b2c3d4, 0x00020004, 0, 0, 65_535, 1), ...records]);
}

/** A pcapng file of one section with two Ethernet interfaces, whose packets alternate (draft-ietf-opsawg-pcapng). */
export function asPcapng(packets: readonly CapturedPacket[], bigEndian: boolean): Buffer {
  const words = wordsIn(bigEndian);
  const block = (type: number, body: Buffer): Buffer => {
    const total = 12 + body.length;
    return Buffer.concat([words(type, total), body, words(total)]);
  };
  const version = bigEndian ? Buffer.from([0, 1, 0, 0]) : Buffer.from([1, 0, 0, 0]);
  const section = block(0x0a0d0d0a, Buffer.concat([words(0x1a2b3c4d), version, words(-1, -1)]));
  const linkType = bigEndian ? Buffer.from([0, 1, 0, 0]) : Buffer.from([1, 0, 0, 0]);
  const face = block(1, Buffer.concat([linkType, words(0)]));
  const blocks = packets.map(({ bytes, wireLength }, index) => {
    const padding = Buffer.alloc(-bytes.length & 3);
    return block(6, Buffer.concat([words(index % 2, 5, index, bytes.length, wireLength), bytes, padding]));
  });
  return Buffer.concat([section, face, face, ...blocks]);
}

function wordsIn(bigEndian: boolean): (...values: readonly number[]) => Buffer {
  return (...values) => {
    const buffer = Buffer.alloc(4 * values.length);
    values.forEach((value, index) =>
      bigEndian ? buffer.writeUInt32BE(value >>> 0, 4 * index) : buffer.writeUInt32LE(value >>> 0, 4 * index),
    );
    return buffer;
  };
}
