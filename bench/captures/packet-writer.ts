import { closeSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 4 * 1024 * 1024;
const LONGEST_RECORD = 16 + 14 + 40 + 20 + 12 + 1460;

/** One end of a conversation: address bytes (4 or 16) and port. */
export interface End {
  readonly address: Buffer;
  readonly port: number;
}

/** Writes Ethernet packets to a classic pcap file (microseconds, little endian), through one large buffer. */
export class PacketWriter {
  bytes = 24;
  packets = 0;
  readonly #descriptor: number;
  readonly #snapLength: number;
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  #at = 0;
  #micros = 0;

  constructor(path: string, snapLength = 262_144) {
    this.#descriptor = openSync(path, 'w');
    this.#snapLength = snapLength;
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(snapLength, 16);
    header.writeUInt32LE(1, 20);
    writeSync(this.#descriptor, header);
  }

  /** A TCP segment with the timestamp option, as every modern stack sends. */
  tcp(from: End, to: End, sequence: number, acknowledge: number, flags: number, payload: Buffer): void {
    const start = this.#begin(20 + 12 + payload.length, from, to, 6);
    const buffer = this.#buffer;
    let at = this.#at;
    buffer.writeUInt16BE(from.port, at);
    buffer.writeUInt16BE(to.port, at + 2);
    buffer.writeUInt32BE(sequence >>> 0, at + 4);
    buffer.writeUInt32BE(acknowledge >>> 0, at + 8);
    buffer[at + 12] = 0x80;
    buffer[at + 13] = flags;
    buffer.writeUInt16BE(64_240, at + 14);
    buffer.writeUInt32BE(0x0101080a, at + 20);
    at += 32;
    payload.copy(buffer, at);
    this.#end(start, at + payload.length);
  }

  udp(from: End, to: End, payload: Buffer): void {
    const start = this.#begin(8 + payload.length, from, to, 17);
    const buffer = this.#buffer;
    buffer.writeUInt16BE(from.port, this.#at);
    buffer.writeUInt16BE(to.port, this.#at + 2);
    buffer.writeUInt16BE(8 + payload.length, this.#at + 4);
    payload.copy(buffer, this.#at + 8);
    this.#end(start, this.#at + 8 + payload.length);
  }

  close(): void {
    writeSync(this.#descriptor, this.#buffer, 0, this.#at);
    closeSync(this.#descriptor);
  }

  /** Writes everything below the transport header and leaves `#at` behind it. */
  #begin(transportBytes: number, from: End, to: End, protocol: number): number {
    if (this.#at + LONGEST_RECORD > BUFFER_BYTES) {
      writeSync(this.#descriptor, this.#buffer, 0, this.#at);
      this.#at = 0;
    }
    const start = this.#at;
    const buffer = this.#buffer;
    this.#micros += 3;
    buffer.writeUInt32LE(1_700_000_000 + Math.floor(this.#micros / 1e6), start);
    buffer.writeUInt32LE(this.#micros % 1e6, start + 4);
    let at = start + 16;
    buffer.writeUIntBE(0x020000000001, at, 6);
    buffer.writeUIntBE(0x020000000002, at + 6, 6);
    const ipv6 = from.address.length === 16;
    buffer.writeUInt16BE(ipv6 ? 0x86dd : 0x0800, at + 12);
    at += 14;
    if (ipv6) {
      buffer.writeUInt32BE(0x60000000, at);
      buffer.writeUInt16BE(transportBytes, at + 4);
      buffer[at + 6] = protocol;
      buffer[at + 7] = 64;
      from.address.copy(buffer, at + 8);
      to.address.copy(buffer, at + 24);
      this.#at = at + 40;
    } else {
      buffer.writeUInt16BE(0x4500, at);
      buffer.writeUInt16BE(20 + transportBytes, at + 2);
      buffer.writeUInt32BE(0x00014000, at + 4);
      buffer.writeUInt32BE(0x40000000 | (protocol << 16), at + 8);
      from.address.copy(buffer, at + 12);
      to.address.copy(buffer, at + 16);
      this.#at = at + 20;
    }
    return start;
  }

  #end(start: number, end: number): void {
    const wireLength = end - start - 16;
    const captured = Math.min(wireLength, this.#snapLength);
    this.#buffer.writeUInt32LE(captured, start + 8);
    this.#buffer.writeUInt32LE(wireLength, start + 12);
    this.#at = start + 16 + captured;
    this.bytes += 16 + captured;
    this.packets++;
  }
}
