import { appendFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientHello, serverFlight } from '../../bench/captures/hellos.ts';
import { buildCapture, conversation } from './capture-builder.ts';

const FILE_HEADER_BYTES = 24;
const NOISE = Buffer.alloc(4096, 0x5a);

/** Where all connections of a ring go. */
export const RING_SERVER = '10.2.0.11:8080';

/** What a capturing program does to a folder: it appends to one capture, and begins the next when it rotates. */
export class CaptureRing {
  readonly #folder: string;
  readonly #recorded = new Map<string, number>();
  #number: number;
  #port = 40_001;

  /** Begins with `ring_00001.pcap`, or a later one. */
  constructor(folder: string, number = 1) {
    this.#folder = folder;
    this.#number = number;
    this.#begin();
  }

  /** The capture that is being written. */
  get current(): string {
    return join(this.#folder, `ring_${String(this.#number).padStart(5, '0')}.pcap`);
  }

  /** One more connection in the current capture, which comes to this version (as on the wire: 0x0301 is TLS 1.0). */
  record(version: number): void {
    const hellos = [clientHello(version, 'shop.example.com', NOISE), serverFlight(version, NOISE)] as const;
    const segments = conversation(hellos[0], [], hellos[1]).map(segment => ({ ...segment, port: this.#port }));
    this.#port += 1;
    appendFileSync(this.current, buildCapture(segments).subarray(FILE_HEADER_BYTES));
    this.#recorded.set(this.current, (this.#recorded.get(this.current) ?? 0) + 1);
  }

  /** Ends the current capture and begins the next. Gives the one that is complete, and how many connections it has. */
  rotate(): { readonly path: string; readonly connections: number } {
    const path = this.current;
    this.#number += 1;
    this.#begin();
    return { path, connections: this.#recorded.get(path) ?? 0 };
  }

  #begin(): void {
    writeFileSync(this.current, buildCapture([]));
  }
}

/** Makes a capture look as if nobody had written to it for an hour. */
export function age(path: string): void {
  const then = Date.now() / 1000 - 3_600;
  utimesSync(path, then, then);
}
