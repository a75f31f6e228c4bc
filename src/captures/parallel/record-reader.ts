import { readSync } from 'node:fs';
import { LONGEST_PACKET, type PacketSink, type Scanner } from '../reading/scanner.ts';
import { PcapngScanner } from '../reading/pcapng.ts';
import { PcapScanner } from '../reading/pcap.ts';
import type { Format } from './partial.ts';

const FIRST_TRY = 2048;

/** Reads single records again, by their offsets. */
export class RecordReader {
  readonly #descriptor: number;
  readonly #format: Format;
  readonly #origin: number;
  #buffer = Buffer.allocUnsafe(FIRST_TRY);
  #scanner: Scanner | undefined;

  constructor(descriptor: number, format: Format, origin: number) {
    this.#descriptor = descriptor;
    this.#format = format;
    this.#origin = origin;
  }

  /** Hands the packet of the record at `offset` (on the scale of the whole set) to the sink. */
  read(offset: number, sink: PacketSink): void {
    this.#scanner ??= scannerFor(this.#format, sink);
    const position = offset - this.#origin;
    this.#scanner.limit = position + 1;
    for (;;) {
      const count = readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, position);
      if (this.#scanner.scan(this.#buffer, 0, count, position) > 0) return;
      if (this.#buffer.length > 2 * LONGEST_PACKET) return;
      this.#buffer = Buffer.allocUnsafe(this.#buffer.length * 4);
    }
  }
}

function scannerFor(format: Format, sink: PacketSink): Scanner {
  return format.kind === 'pcap' ? new PcapScanner(format.header, sink) : new PcapngScanner(sink, format.state);
}
