import { randomBytes } from 'node:crypto';
import { messageOf } from '../../../core/errors.ts';
import { KeptProgram, type ExchangeResult } from '../../../transport/kept-program.ts';
import type { ProgramEnd } from '../../../transport/program.ts';
import type { IpmiEntry } from './config.ts';

const DEFAULT_PORT = 623;
const LOGIN_MS = 30_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * ipmitool keeps a list of all companies in memory, 5 MB a process, to put names to numbers. This short one takes its
 * place; without any entry it refuses to start.
 */
const SHORT_LIST_OF_COMPANIES = { '.local/usr/share/misc/enterprise-numbers.txt': '0\n  Reserved\n' };

/**
 * What ipmitool does without an answer: it sends the same again, and a BMC does it again. So what may not be done twice
 * needs a session in which everything is sent `once`.
 */
export type Sending = 'once' | 'repeated';

/** -N: seconds to wait, a second more each time; -R: how often to send. */
const PATIENCE = { once: ['-N', '5', '-R', '1'], repeated: ['-N', '1', '-R', '3'] } as const;

/**
 * One ipmitool, which is one session on the BMC: it logs in when it starts, carries out the commands that `exec` reads,
 * and logs out when they end. `stdbuf` of coreutils makes it say each answer at once instead of collecting 4 KB.
 */
export class IpmitoolProcess {
  readonly #program: KeptProgram;

  private constructor(program: KeptProgram) {
    this.#program = program;
  }

  /** Logs in. Gives how ipmitool ended when it could not. */
  static async start(entry: IpmiEntry, sending: Sending, signal: AbortSignal): Promise<IpmitoolProcess | ProgramEnd> {
    signal.throwIfAborted();
    const program = await startProgram(entry, sending);
    if (!(program instanceof KeptProgram)) return program;
    const process = new IpmitoolProcess(program);
    const greeting = await process.say([], LOGIN_MS, signal);
    if (greeting.kind !== 'answered') return greeting;
    await program.hideFiles();
    return process;
  }

  /** False once it has ended for whatever reason. */
  get alive(): boolean {
    return this.#program.alive;
  }

  /** What it says to these commands. `exec` gives no exit codes: whether they worked has to show in what they did. */
  say(commands: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<ExchangeResult> {
    const mark = `end-${randomBytes(12).toString('hex')}`;
    // The one is said on standard output, the complaint about the other on standard error; the BMC hears of neither.
    const lines = [...commands, `echo ${mark}`, `set verbose ${mark}`];
    return this.#program.exchange({ lines, mark, timeoutMs }, signal);
  }

  end(): Promise<void> {
    return this.#program.end();
  }
}

async function startProgram(entry: IpmiEntry, sending: Sending): Promise<KeptProgram | ProgramEnd> {
  try {
    return await KeptProgram.start({
      program: 'stdbuf',
      // Verbose, because without it a wrong password and a dead host give the same words.
      args: commands => ['-oL', entry.ipmitool, '-v', ...placeOf(entry), ...PATIENCE[sending], 'exec', commands],
      environment: { IPMI_PASSWORD: entry.credentials.password.secret.reveal() },
      home: SHORT_LIST_OF_COMPANIES,
      maxOutputBytes: MAX_OUTPUT_BYTES,
    });
  } catch (error) {
    return { kind: 'failed', why: 'missing', detail: messageOf(error) };
  }
}

function placeOf({ addresses, credentials, privilege, cipher_suite }: IpmiEntry): readonly string[] {
  const url = new URL(addresses[0]);
  const suite = cipher_suite === undefined ? [] : ['-C', String(cipher_suite)];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const where = ['-I', 'lanplus', '-H', host, '-p', url.port === '' ? String(DEFAULT_PORT) : url.port];
  return [...where, ...suite, '-U', credentials.username, '-E', '-L', privilege.toUpperCase()];
}
