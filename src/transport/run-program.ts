import { spawn } from 'node:child_process';
import { messageOf } from '../core/errors.ts';

/** One run of an external program. There is no shell: each argument reaches the program as it stands. */
export interface ProgramCall {
  /** Name to be found in PATH, or a path. */
  readonly program: string;
  readonly args: readonly string[];
  /** The only place for a secret: arguments can be read by every user of the host. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** More than this on either output ends the run. */
  readonly maxOutputBytes: number;
}

export type ProgramResult =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** It did not end by itself, or never began. */
  | { readonly kind: 'failed'; readonly why: 'missing' | 'timeout' | 'output' | 'killed'; readonly detail: string };

/** Parent variables that a program needs; everything else of our environment stays with us. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR'];

/**
 * Runs a program in the C locale and UTC and gives its outputs. Rejects with the signal's reason when it aborts. A program
 * that is given up on is killed, and the call ends only when it is gone.
 */
export function runProgram(call: ProgramCall, signal: AbortSignal): Promise<ProgramResult> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const env = { ...inherited(), LC_ALL: 'C', TZ: 'UTC', ...call.environment };
    const child = spawn(call.program, call.args, { env, stdio: ['ignore', 'pipe', 'pipe'], shell: false });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let size = 0;
    let given: Extract<ProgramResult, { kind: 'failed' }> | undefined;
    const giveUp = (why: 'timeout' | 'output' | 'killed', detail: string) => {
      given ??= { kind: 'failed', why, detail };
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => giveUp('timeout', `no end after ${call.timeoutMs} ms`), call.timeoutMs);
    const onAbort = () => giveUp('killed', 'aborted');
    signal.addEventListener('abort', onAbort, { once: true });
    const collect = (chunks: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > call.maxOutputBytes) giveUp('output', `more than ${call.maxOutputBytes} bytes of output`);
      else chunks.push(chunk);
    };
    child.stdout.on('data', collect(stdout));
    child.stderr.on('data', collect(stderr));
    child.once('error', error => {
      given ??= { kind: 'failed', why: 'missing', detail: messageOf(error) };
    });
    child.once('close', (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) return reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      if (given) return resolve(given);
      if (code === null) return resolve({ kind: 'failed', why: 'killed', detail: `ended by ${killedBy}` });
      resolve({ kind: 'ended', code, stdout: textOf(stdout), stderr: textOf(stderr) });
    });
  });
}

function inherited(): Record<string, string> {
  return Object.fromEntries(PASSED_ON.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
