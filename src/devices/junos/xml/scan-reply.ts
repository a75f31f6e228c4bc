import { ReplyFault, ReplySurprise } from '../replies/fault.ts';
import { fromRoot } from '../replies/reply-start.ts';
import { type ElementReader, XmlScanner } from './scanner.ts';

const ERROR_NAMES = ['rpc-error', 'error', 'error-severity', 'error-message', 'message', 'bad-element'] as const;
const [RPC_ERROR, XNM_ERROR, SEVERITY, ERROR_MESSAGE, MESSAGE, BAD_ELEMENT] = [0, 1, 2, 3, 4, 5];

/** Gives way to the event loop after so many bytes: a millisecond or two of work. */
const SLICE_BYTES = 256 * 1024;

/**
 * Reads a reply of any length by a vocabulary, with the watch for errors that every reply needs: one may stand inside
 * of the data, after a thousand good elements. Throws ReplyFault or ReplySurprise as `readTree` does.
 */
export async function scanReply(
  chunks: AsyncIterable<Buffer>,
  vocabulary: readonly string[],
  reader: ElementReader,
): Promise<void> {
  const watch = new ErrorWatch(reader);
  const scanner = new XmlScanner([...ERROR_NAMES, ...vocabulary], watch);
  try {
    await scanAll(chunks, scanner);
  } catch (error) {
    // What the device says went wrong explains why the rest is not as it should be.
    throw error instanceof ReplySurprise ? (watch.fault ?? error) : error;
  }
  watch.finish();
}

async function scanAll(chunks: AsyncIterable<Buffer>, scanner: XmlScanner): Promise<void> {
  let sinceBreak = 0;
  for await (const chunk of fromRoot(chunks)) {
    for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
      const slice = chunk.subarray(from, from + SLICE_BYTES);
      scanner.write(slice);
      sinceBreak += slice.length;
      if (sinceBreak < SLICE_BYTES) continue;
      sinceBreak = 0;
      await new Promise(setImmediate);
    }
  }
  scanner.end();
}

/** Passes the elements of the reader's vocabulary on, and keeps the first error. */
class ErrorWatch implements ElementReader {
  readonly #reader: ElementReader;
  #fault: ReplyFault | undefined;
  #inError = 0;
  #severity = '';
  #message = '';
  #badElement = '';
  #elements = 0;

  constructor(reader: ElementReader) {
    this.#reader = reader;
  }

  get fault(): ReplyFault | undefined {
    return this.#fault;
  }

  open(name: number): void {
    if (name >= ERROR_NAMES.length) {
      this.#elements += 1;
      this.#reader.open(name - ERROR_NAMES.length);
    } else if (name === RPC_ERROR || name === XNM_ERROR) {
      this.#inError += 1;
      this.#severity = this.#message = this.#badElement = '';
    }
  }

  close(name: number, scanner: XmlScanner): void {
    if (name >= ERROR_NAMES.length) this.#reader.close(name - ERROR_NAMES.length, scanner);
    else if (this.#inError > 0) this.#closeInError(name, scanner);
  }

  /** Throws what was found; an empty reply is no answer, never a zero. */
  finish(): void {
    if (this.#fault) throw this.#fault;
    if (this.#elements === 0) throw new ReplySurprise('an empty reply');
  }

  #closeInError(name: number, scanner: XmlScanner): void {
    if (name === SEVERITY) this.#severity = scanner.text();
    else if (name === ERROR_MESSAGE || name === MESSAGE) this.#message ||= scanner.text();
    else if (name === BAD_ELEMENT) this.#badElement = scanner.text();
    else if (name === RPC_ERROR || name === XNM_ERROR) this.#closeError(scanner);
  }

  #closeError(scanner: XmlScanner): void {
    this.#inError -= 1;
    if (this.#severity === 'warning' || this.#fault) return;
    const message = (this.#message === '' ? scanner.text() : this.#message).replace(/\s+/g, ' ').slice(0, 500);
    this.#fault = new ReplyFault(`${message}${this.#badElement === '' ? '' : ` (${this.#badElement.slice(0, 100)})`}`);
  }
}
