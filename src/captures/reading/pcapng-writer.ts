import type { Instant } from './timestamps.ts';

/** Writes packets to pcapng (draft-ietf-opsawg-pcapng): one section, an interface for each link type, nanoseconds. */
export class PcapngWriter {
  packets = 0;
  readonly #write: (bytes: Buffer) => void;
  readonly #interfaces: number[] = [];

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
    const body = Buffer.alloc(16);
    body.writeUInt32LE(0x1a2b3c4d, 0);
    body.writeUInt16LE(1, 4);
    body.writeBigInt64LE(-1n, 8);
    this.#block(0x0a0d0d0a, body);
  }

  packet(linkType: number, bytes: Buffer, wireLength: number, at: Instant): void {
    const stamp = BigInt(Math.max(0, at.seconds)) * 1_000_000_000n + BigInt(at.nanos);
    const body = Buffer.alloc(20 + bytes.length + (-bytes.length & 3));
    body.writeUInt32LE(this.#interfaceOf(linkType), 0);
    body.writeUInt32LE(Number((stamp >> 32n) & 0xffff_ffffn), 4);
    body.writeUInt32LE(Number(stamp & 0xffff_ffffn), 8);
    body.writeUInt32LE(bytes.length, 12);
    body.writeUInt32LE(wireLength, 16);
    bytes.copy(body, 20);
    this.#block(6, body);
    this.packets++;
  }

  #interfaceOf(linkType: number): number {
    const known = this.#interfaces.indexOf(linkType);
    if (known !== -1) return known;
    const body = Buffer.alloc(20);
    body.writeUInt16LE(linkType, 0);
    body.writeUInt16LE(9, 8); // if_tsresol: 10^-9
    body.writeUInt16LE(1, 10);
    body[12] = 9;
    this.#block(1, body);
    return this.#interfaces.push(linkType) - 1;
  }

  #block(type: number, body: Buffer): void {
    const block = Buffer.alloc(12 + body.length);
    block.writeUInt32LE(type, 0);
    block.writeUInt32LE(block.length, 4);
    body.copy(block, 8);
    block.writeUInt32LE(block.length, block.length - 4);
    this.#write(block);
  }
}
