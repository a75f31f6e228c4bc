/** What a command line verb may use of the process around it; tests pass their own. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the process is asked to stop (SIGINT, SIGTERM). */
  readonly stopping: AbortSignal;
  /** Calls back on SIGHUP. */
  onReload(reload: () => void): void;
  /** Sets the exit code: 0 done, 1 failed, 2 usage or configuration error. */
  exit(code: 0 | 1 | 2): void;
}

/** The process's own streams, environment and signals. */
export function processIo(): Io {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
  }
  // A reader that has seen enough, as `| head`, closes the pipe: that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    stopping: stopping.signal,
    onReload: reload => void process.on('SIGHUP', reload),
    exit: code => {
      process.exitCode = code;
    },
  };
}

/** Resolves when the process is asked to stop. */
export function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A line on standard output. */
export function print(io: Io, line: string): void {
  io.stdout.write(`${line}\n`);
}

/** A value as indented JSON on standard output; bigints as exact decimal text. */
export function printJson(io: Io, value: unknown): void {
  print(
    io,
    JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field), 2),
  );
}
