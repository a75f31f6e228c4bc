/** Versions that the generated servers choose, with their share in percent. */
export const VERSIONS = [
  { name: 'TLSv1.3', code: 0x0304, share: 58 },
  { name: 'TLSv1.2', code: 0x0303, share: 35 },
  { name: 'TLSv1.1', code: 0x0302, share: 2 },
  { name: 'TLSv1.0', code: 0x0301, share: 4 },
  { name: 'SSLv3', code: 0x0300, share: 1 },
] as const;

/** A ClientHello in one record; TLS 1.3 clients bring a hybrid key share of 1.2 KB, so theirs spans two segments. */
export function clientHello(version: number, serverName: string, random: Buffer): Buffer {
  const extensions: Buffer[] = [];
  if (version > 0x0300) extensions.push(extension(0, nameList(serverName)));
  if (version === 0x0304) {
    extensions.push(extension(51, Buffer.concat([u16(1220), u16(0x11ec), u16(1216), Buffer.alloc(1216, 7)])));
    extensions.push(extension(43, Buffer.from([4, 3, 4, 3, 3])));
  }
  const suites = Buffer.from('130113021303c02bc02fc02cc030009e002f0035', 'hex');
  const body = [
    u16(Math.min(version, 0x0303)),
    random.subarray(0, 32),
    vector8(random.subarray(0, 32)),
    vector16(suites),
  ];
  return record(0x0301, 1, Buffer.concat([...body, Buffer.from([1, 0]), ...list(extensions)]));
}

/** A ServerHello, followed in the same flight by a certificate of 3 KB. */
export function serverFlight(version: number, random: Buffer): Buffer {
  const tls13 = version === 0x0304;
  const extensions = tls13
    ? [extension(51, Buffer.concat([u16(29), vector16(random.subarray(0, 32))])), extension(43, u16(0x0304))]
    : [];
  const body = [
    u16(Math.min(version, 0x0303)),
    random.subarray(32, 64),
    vector8(random.subarray(0, 32)),
    u16(tls13 ? 0x1301 : 0xc02f),
    Buffer.from([0]),
    ...list(extensions),
  ];
  const hello = record(Math.min(version, 0x0303), 2, Buffer.concat(body));
  const certificate = Buffer.concat([Buffer.from([tls13 ? 23 : 22]), u16(0x0303), vector16(random.subarray(0, 3000))]);
  return Buffer.concat([hello, certificate]);
}

function record(version: number, type: number, body: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([type, 0]), vector16(body)]);
  return Buffer.concat([Buffer.from([22]), u16(version), vector16(message)]);
}

function nameList(name: string): Buffer {
  return vector16(Buffer.concat([Buffer.from([0]), vector16(Buffer.from(name))]));
}

function extension(type: number, value: Buffer): Buffer {
  return Buffer.concat([u16(type), vector16(value)]);
}

function list(extensions: readonly Buffer[]): Buffer[] {
  return extensions.length === 0 ? [] : [vector16(Buffer.concat(extensions))];
}

function vector8(value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([value.length]), value]);
}

function vector16(value: Buffer): Buffer {
  return Buffer.concat([u16(value.length), value]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}
