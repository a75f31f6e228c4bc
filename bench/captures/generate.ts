import {
  bulkScript,
  httpScript,
  nameScript,
  openScript,
  tlsScript,
  type Script,
  type Stage,
  type Truth,
} from './conversations.ts';
import { PacketWriter, type End } from './packet-writer.ts';
import { Random } from './random.ts';

/** What kind of capture to write. */
export interface Recipe {
  readonly bytes: number;
  /** `mixed`: 731 bytes a packet. `dense`: hardly more than handshakes. `open`: hellos without an answer. */
  readonly kind: 'mixed' | 'dense' | 'open';
  readonly snapLength?: number;
}

export interface Generated {
  readonly path: string;
  readonly bytes: number;
  readonly packets: number;
  readonly truth: Truth;
}

/** Conversations that are under way at a time. */
const CONCURRENT = 250;

/** Writes a deterministic capture: TLS, HTTP behind a proxy, bulk transfers and DNS, interleaved; 5 % over IPv6. */
export function generateCapture(path: string, recipe: Recipe): Generated {
  const random = new Random(20_261_121);
  const writer = new PacketWriter(path, recipe.snapLength);
  const truth: Truth = { versions: new Map(), requests: 0, targetRequests: 0, targetConnections: new Set() };
  const transfer = recipe.kind === 'mixed' ? 165 : 0;
  const stage: Stage = { writer, random, noise: random.bytes(128 * 1024), truth, transfer };
  let begun = 0;
  const begin = (): Script => script(stage, recipe, begun++);
  const running = Array.from({ length: CONCURRENT }, begin);
  while (running.length > 0) {
    const index = random.below(running.length);
    const step = running[index]?.next();
    if (step?.done !== true) continue;
    if (writer.bytes < recipe.bytes) running[index] = begin();
    else running.splice(index, 1);
  }
  writer.close();
  return { path, bytes: writer.bytes, packets: writer.packets, truth };
}

function script(stage: Stage, recipe: Recipe, number: number): Script {
  const { random } = stage;
  const ipv6 = random.below(20) === 0;
  const client = end(ipv6, 0x0a000000 + (number & 0xffff), 20_000 + (number % 40_000));
  const server = (port: number): End => end(ipv6, 0xc0a80000 + random.below(200), port);
  if (recipe.kind === 'dense') return tlsScript(stage, client, server(443));
  if (recipe.kind === 'open') return openScript(stage, client, server(443));
  const lot = random.below(100);
  if (lot < 38) return tlsScript(stage, client, server(443));
  if (lot < 68) return httpScript(stage, client, server(8080));
  if (lot < 78) return bulkScript(stage, client, server(20));
  return nameScript(stage, client, server(53));
}

function end(ipv6: boolean, host: number, port: number): End {
  const address = ipv6 ? Buffer.from('20010db8000000000000000000000000', 'hex') : Buffer.alloc(4);
  address.writeUInt32BE(host, address.length - 4);
  return { address, port };
}
