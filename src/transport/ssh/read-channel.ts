import type { ClientChannel } from 'ssh2';

/** How a command ended. Both absent: the connection or the channel broke. */
export interface ChannelEnd {
  readonly code?: number;
  readonly signal?: string;
  /** The first 2,000 characters of what came on standard error. */
  readonly stderr: string;
}

const STDERR_MAX = 2_000;

/**
 * Gives what a channel sends, as it comes; reading slowly slows the device down. Returns how it ended. Throws the
 * signal's reason, and closes the channel, when it aborts or the reader stops early.
 */
export async function* readChannel(channel: ClientChannel, signal: AbortSignal): AsyncGenerator<Buffer, ChannelEnd> {
  const end: { code?: number; signal?: string; stderr: string } = { stderr: '' };
  let closed = false;
  let wake = () => {};
  const stir = () => {
    wake();
  };
  channel.on('exit', (code: number | null, name?: string) => {
    if (typeof code === 'number') end.code = code;
    else if (name !== undefined) end.signal = name;
  });
  channel.on('close', () => {
    closed = true;
    stir();
  });
  channel.on('readable', stir);
  // The connection's own error is told by its close; an unheard 'error' would end the process.
  channel.on('error', stir);
  channel.stderr.on('data', (bytes: Buffer) => {
    if (end.stderr.length < STDERR_MAX) end.stderr = (end.stderr + bytes.toString('utf8')).slice(0, STDERR_MAX);
  });
  signal.addEventListener('abort', stir, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const chunk = channel.read() as Buffer | null;
      if (chunk !== null) yield chunk;
      else if (closed) return end;
      else await new Promise<void>(resolve => (wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', stir);
    if (!closed) channel.close();
  }
}
