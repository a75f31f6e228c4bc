/** Versions that the simulated servers can choose. */
export const VERSIONS = { 'TLSv1.0': 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303 } as const;
export type Version = keyof typeof VERSIONS;

const RANDOM = Buffer.alloc(32, 0x42);
const SERVER = [192, 0, 2, 20];

/** A classic pcap in which so many clients shake hands with one server, each in two packets. */
export function captureFile(version: Version, connections: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  const packets = Array.from({ length: connections }, (_, client) => {
    const port = 30_000 + (client % 30_000);
    const address = [198, 51, 100, 1 + (client % 250)];
    return [
      packet(address, port, SERVER, 443, clientHello(VERSIONS[version])),
      packet(SERVER, 443, address, port, serverHello(VERSIONS[version])),
    ];
  });
  return Buffer.concat([header, ...packets.flat()]);
}

function clientHello(version: number): Buffer {
  return handshake(version, 1, Buffer.concat([u16(version), RANDOM, Buffer.from([0, 0, 2, 0, 0x2f, 1, 0])]));
}

function serverHello(version: number): Buffer {
  return handshake(version, 2, Buffer.concat([u16(version), RANDOM, Buffer.from([0, 0, 0x2f, 0])]));
}

function handshake(version: number, type: number, body: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([type, 0]), u16(body.length), body]);
  return Buffer.concat([Buffer.from([22]), u16(version), u16(message.length), message]);
}

function packet(
  from: readonly number[],
  fromPort: number,
  to: readonly number[],
  toPort: number,
  data: Buffer,
): Buffer {
  const ethernet = Buffer.from('0200000000020200000000010800', 'hex');
  const ip = Buffer.concat([
    Buffer.from([0x45, 0]),
    u16(40 + data.length),
    Buffer.from([0, 1, 0x40, 0, 64, 6, 0, 0]),
    Buffer.from([...from, ...to]),
  ]);
  const tcp = Buffer.concat([
    u16(fromPort),
    u16(toPort),
    Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0]),
  ]);
  const bytes = Buffer.concat([ethernet, ip, tcp, data]);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(1_700_000_000, 0);
  record.writeUInt32LE(bytes.length, 8);
  record.writeUInt32LE(bytes.length, 12);
  return Buffer.concat([record, bytes]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}
