import { spawn, type ChildProcess } from 'node:child_process';
import { messageOf } from '../core/errors.ts';
import { CommandPipe } from './command-pipe.ts';
import { programEnvironment, type ProgramEnd } from './program.ts';

/** A program that reads commands from a file, line by line, until the file ends. */
export interface KeptProgramCall {
  /** Name to be found in PATH, or a path. */
  readonly program: string;
  /** Its arguments, given the path of the file with the commands. */
  readonly args: (commands: string) => readonly string[];
  /** The only place for a secret: arguments can be read by every user of the host. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the program finds in its HOME, by path. It has no other files of this user. */
  readonly home: Readonly<Record<string, string>>;
  /** More than this on both outputs together, for one exchange, ends the program. */
  readonly maxOutputBytes: number;
}

/** Commands, and the text by which both outputs show that they have been carried out. */
export interface Exchange {
  readonly lines: readonly string[];
  /** Unguessable, so that no device can say it. The line that holds it is left out of the answer. */
  readonly mark: string;
  readonly timeoutMs: number;
}

export type ExchangeResult =
  | { readonly kind: 'answered'; readonly stdout: string; readonly stderr: string }
  /** The program is gone. */
  | ProgramEnd;

/** How long a program may take to end by itself, in milliseconds, before it is killed. */
const GRACE_MS = 1_000;

/**
 * A program that is kept alive and given commands, one exchange after the other, in the C locale and UTC. It outlives
 * neither `end` nor this process, even if that is killed: its commands end with it. Its own process group keeps it from
 * a Ctrl-C that is meant for us, so that it can take its leave.
 */
export class KeptProgram {
  readonly #pipe: CommandPipe;
  readonly #child: ChildProcess;
  readonly #maxOutputBytes: number;
  readonly #gone: Promise<{ readonly code: number | null; readonly killedBy: string | null }>;
  #stdout = '';
  #stderr = '';
  #failure: Extract<ProgramEnd, { kind: 'failed' }> | undefined;
  #heard: () => void = () => undefined;
  #ending: Promise<void> | undefined;
  #alive = true;

  private constructor(call: KeptProgramCall, pipe: CommandPipe) {
    this.#pipe = pipe;
    this.#maxOutputBytes = call.maxOutputBytes;
    const env = { ...programEnvironment(), ...call.environment, HOME: pipe.folder };
    const child = spawn(call.program, call.args(pipe.path), { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#hear((this.#stdout += text)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear((this.#stderr += text)));
    child.once('error', error => {
      this.#failure ??= { kind: 'failed', why: 'missing', detail: messageOf(error) };
    });
    this.#gone = new Promise(resolve => {
      child.once('close', (code, killedBy) => {
        this.#alive = false;
        resolve({ code, killedBy });
        void this.end();
      });
    });
  }

  static async start(call: KeptProgramCall): Promise<KeptProgram> {
    return new KeptProgram(call, await CommandPipe.make(call.home));
  }

  get alive(): boolean {
    return this.#alive && this.#ending === undefined;
  }

  /**
   * Gives commands and waits for the mark on both outputs. Without it in time the program is ended. Rejects with the
   * signal's reason when it aborts; the program is gone by then. One exchange at a time.
   */
  async exchange({ lines, mark, timeoutMs }: Exchange, signal: AbortSignal): Promise<ExchangeResult> {
    signal.throwIfAborted();
    [this.#stdout, this.#stderr] = ['', ''];
    const answered = new Promise<'answered'>(resolve => {
      this.#heard = () => {
        if (isMarked(this.#stdout, mark) && isMarked(this.#stderr, mark)) resolve('answered');
      };
    });
    const over = new AbortController();
    const given = new Promise<'late' | 'aborted'>(resolve => {
      const timer = setTimeout(() => resolve('late'), timeoutMs);
      over.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: over.signal });
    });
    try {
      if (this.alive) await this.#pipe.write(`${lines.join('\n')}\n`);
      const first = await Promise.race([answered, this.#gone, given]);
      if (typeof first !== 'string')
        return this.#failure ?? ended(first.code, first.killedBy, this.#stdout, this.#stderr);
      if (first === 'answered')
        return { kind: first, stdout: before(this.#stdout, mark), stderr: before(this.#stderr, mark) };
      this.#failure ??= { kind: 'failed', why: 'timeout', detail: `no answer after ${timeoutMs} ms` };
      await this.end();
      signal.throwIfAborted();
      return this.#failure;
    } finally {
      over.abort();
      this.#heard = () => undefined;
    }
  }

  /** From now on the program needs no file of ours any more. */
  hideFiles(): Promise<void> {
    return this.#pipe.hide();
  }

  /** Lets the program end by itself, and kills it when it does not. Resolves when it is gone. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    await this.#pipe.close();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    await this.#gone;
    clearTimeout(timer);
  }

  #hear(text: string): void {
    if (text.length <= this.#maxOutputBytes) return this.#heard();
    const detail = `more than ${this.#maxOutputBytes} bytes of output`;
    this.#failure ??= { kind: 'failed', why: 'output', detail };
    this.#child.kill('SIGKILL');
  }
}

function isMarked(text: string, mark: string): boolean {
  const at = text.indexOf(mark);
  return at !== -1 && text.includes('\n', at);
}

/** What stands before the line with the mark. */
function before(text: string, mark: string): string {
  return text.slice(0, text.lastIndexOf('\n', text.indexOf(mark)) + 1);
}

function ended(code: number | null, killedBy: string | null, stdout: string, stderr: string): ProgramEnd {
  if (code === null) return { kind: 'failed', why: 'killed', detail: `ended by ${killedBy}` };
  return { kind: 'ended', code, stdout, stderr };
}
