import type { ClientChannel } from 'ssh2';

/** How a channel ended. Neither code nor signal: the channel or the connection broke. */
export interface ChannelEnd {
  readonly code?: number;
  readonly signal?: string;
  /** The first 2,000 characters of what came on standard error. */
  readonly stderr: string;
}

const STDERR_MAX = 2_000;
/** Read in pieces: what has gathered while others worked can be 2 MB, the whole window of a channel. */
const PIECE_BYTES = 256 * 1024;

/**
 * One channel of a connection. It must be made in the very callback that gives the channel: the answer to a short
 * command can arrive in the same packet as the channel itself.
 */
export class SshChannel {
  readonly #channel: ClientChannel;
  readonly #end: { code?: number; signal?: string; stderr: string } = { stderr: '' };
  #closed = false;
  #wake = () => {};

  constructor(channel: ClientChannel) {
    this.#channel = channel;
    channel.on('exit', (code: number | null, signal?: string) => {
      if (typeof code === 'number') this.#end.code = code;
      else if (signal !== undefined) this.#end.signal = signal;
    });
    channel.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
    channel.on('readable', () => {
      this.#wake();
    });
    // A broken connection is told by the close; an unheard 'error' would end the process.
    channel.on('error', () => {
      this.#wake();
    });
    channel.stderr.on('data', (bytes: Buffer) => {
      const { stderr } = this.#end;
      if (stderr.length < STDERR_MAX) this.#end.stderr = (stderr + bytes.toString('utf8')).slice(0, STDERR_MAX);
    });
  }

  get open(): boolean {
    return !this.#closed;
  }

  write(text: string): void {
    if (!this.#closed) this.#channel.write(text);
  }

  /** Says that nothing more will be written. */
  endInput(): void {
    this.#channel.end();
  }

  /**
   * Gives what the channel sends, as it comes; reading slowly slows the device down. Returns how it ended. Throws the
   * signal's reason when it aborts; what was not read stays for the next reader.
   */
  async *read(signal: AbortSignal): AsyncGenerator<Buffer, ChannelEnd> {
    const stir = () => {
      this.#wake();
    };
    signal.addEventListener('abort', stir, { once: true });
    try {
      for (;;) {
        signal.throwIfAborted();
        const ready = this.#channel.readableLength;
        const chunk = this.#channel.read(ready > PIECE_BYTES ? PIECE_BYTES : undefined) as Buffer | null;
        if (chunk !== null) yield chunk;
        else if (this.#closed) return this.#end;
        else await new Promise<void>(resolve => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', stir);
    }
  }

  close(): void {
    if (!this.#closed) this.#channel.close();
  }
}
