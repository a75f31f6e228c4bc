import { clientHello, serverFlight, VERSIONS } from './hellos.ts';
import type { End, PacketWriter } from './packet-writer.ts';
import type { Random } from './random.ts';

const SYN = 0x02;
const ACK = 0x10;
const PUSH_ACK = 0x18;
const FIN_ACK = 0x11;
const SEGMENT = 1448;
const NOTHING = Buffer.alloc(0);

/** What the capture holds, to compare findings with. */
export interface Truth {
  readonly versions: Map<string, number>;
  requests: number;
  targetRequests: number;
  readonly targetConnections: Set<string>;
}

/** The address that forwarded-for is asked for, and one that must not match. */
export const TARGET = '203.0.113.7';
const NEIGHBOUR = '203.0.113.70';

/** What the scripts draw from. */
export interface Stage {
  readonly writer: PacketWriter;
  readonly random: Random;
  /** Bytes that look encrypted. */
  readonly noise: Buffer;
  readonly truth: Truth;
  /** Average length of a TLS or bulk transfer, in segments. */
  readonly transfer: number;
}

/** A conversation is written packet by packet: each step of the iterator is one. */
export type Script = Generator<undefined, void>;

/** TCP between two ends, with the numbers kept. */
class Connection {
  readonly client: End;
  readonly server: End;
  readonly #writer: PacketWriter;
  #next: [number, number];

  constructor(stage: Stage, client: End, server: End) {
    this.client = client;
    this.server = server;
    this.#writer = stage.writer;
    this.#next = [stage.random.below(2 ** 31), stage.random.below(2 ** 31)];
  }

  *open(): Script {
    this.#send(0, SYN, NOTHING, 1);
    yield;
    this.#send(1, SYN | ACK, NOTHING, 1);
    yield;
    this.#send(0, ACK, NOTHING, 0);
    yield;
  }

  /** Sends in segments, each acknowledged at once: half of a real capture's packets carry nothing. */
  *send(from: 0 | 1, payload: Buffer): Script {
    for (let at = 0; at < payload.length; at += SEGMENT) {
      const segment = payload.subarray(at, at + SEGMENT);
      this.#send(from, PUSH_ACK, segment, segment.length);
      yield;
      this.#send(from === 0 ? 1 : 0, ACK, NOTHING, 0);
      yield;
    }
  }

  *close(): Script {
    this.#send(0, FIN_ACK, NOTHING, 1);
    yield;
    this.#send(1, FIN_ACK, NOTHING, 1);
    yield;
  }

  #send(from: 0 | 1, flags: number, payload: Buffer, advance: number): void {
    const to = from === 0 ? 1 : 0;
    const [sender, receiver] = from === 0 ? [this.client, this.server] : [this.server, this.client];
    this.#writer.tcp(sender, receiver, this.#next[from], this.#next[to], flags, payload);
    this.#next[from] = (this.#next[from] + advance) | 0;
  }
}

export function* tlsScript(stage: Stage, client: End, server: End): Script {
  const { random, noise, truth } = stage;
  const version = pickVersion(random);
  truth.versions.set(version.name, (truth.versions.get(version.name) ?? 0) + 1);
  const connection = new Connection(stage, client, server);
  yield* connection.open();
  const secret = noise.subarray(random.below(60_000));
  yield* connection.send(0, clientHello(version.code, `host${random.below(500)}.example.com`, secret));
  yield* connection.send(1, serverFlight(version.code, secret));
  const transfer = stage.transfer === 0 ? 0 : 1 + random.below(2 * stage.transfer);
  for (let left = transfer; left > 0; left -= 11) {
    yield* connection.send(0, applicationData(noise, random, 200));
    yield* connection.send(1, applicationData(noise, random, 11 * SEGMENT));
  }
  yield* connection.close();
}

/** A client that waits for an answer for ever. */
export function* openScript(stage: Stage, client: End, server: End): Script {
  const { random, noise, truth } = stage;
  const version = pickVersion(random);
  truth.versions.set(version.name, (truth.versions.get(version.name) ?? 0) + 1);
  const connection = new Connection(stage, client, server);
  yield* connection.open();
  yield* connection.send(0, clientHello(version.code, 'host.example.com', noise.subarray(random.below(60_000))));
}

/** A proxy's connection to a web server: many requests, each for another client. */
export function* httpScript(stage: Stage, client: End, server: End): Script {
  const { random, noise, truth } = stage;
  const connection = new Connection(stage, client, server);
  yield* connection.open();
  for (let left = 1 + random.below(24); left > 0; left--) {
    const lot = random.below(1000);
    const address = lot === 0 ? TARGET : lot < 5 ? NEIGHBOUR : `198.51.100.${random.below(256)}`;
    truth.requests++;
    if (address === TARGET) {
      truth.targetRequests++;
      truth.targetConnections.add(`${client.address.toString('hex')}:${client.port}`);
    }
    yield* connection.send(0, request(random, address));
    const body = noise.subarray(0, 200 + random.below(20_000));
    yield* connection.send(
      1,
      Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body]),
    );
  }
  yield* connection.close();
}

export function* bulkScript(stage: Stage, client: End, server: End): Script {
  const { random, noise } = stage;
  const connection = new Connection(stage, client, server);
  yield* connection.open();
  yield* connection.send(0, Buffer.from('RETR archive.tar\r\n'));
  for (let left = random.below(4 * stage.transfer) + 1; left > 0; left -= 20) {
    yield* connection.send(1, noise.subarray(0, 20 * SEGMENT));
  }
  yield* connection.close();
}

export function* nameScript(stage: Stage, client: End, server: End): Script {
  const query = Buffer.from('000101000001000000000000037777770765786d61706c6503636f6d0000010001', 'hex');
  stage.writer.udp(client, server, query);
  yield;
  stage.writer.udp(server, client, Buffer.concat([query, stage.noise.subarray(0, 32)]));
  yield;
}

function request(random: Random, address: string): Buffer {
  const name = random.below(2) === 0 ? 'X-Forwarded-For' : 'x-forwarded-for';
  const lines = [
    `GET /catalogue/item/${random.below(1e6)}?colour=blue&size=42 HTTP/1.1`,
    'Host: shop.example.com',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Accept-Language: en-GB,en;q=0.7',
    'Accept-Encoding: gzip, deflate, br',
    `${name}: ${address}`,
    `Cookie: session=${random.below(2 ** 31).toString(16)}; basket=${random.below(2 ** 31).toString(16)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

/** One or more records of type 23. */
function applicationData(noise: Buffer, random: Random, bytes: number): Buffer {
  const from = random.below(40_000);
  const body = noise.subarray(from, from + bytes);
  return Buffer.concat([Buffer.from([23, 3, 3, body.length >> 8, body.length & 255]), body]);
}

function pickVersion(random: Random): (typeof VERSIONS)[number] {
  let lot = random.below(100);
  for (const version of VERSIONS) {
    lot -= version.share;
    if (lot < 0) return version;
  }
  return VERSIONS[0];
}
