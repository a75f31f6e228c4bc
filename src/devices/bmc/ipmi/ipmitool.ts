import { CallGate } from '../../../core/call-gate.ts';
import type { Clock } from '../../../core/clock.ts';
import { DeviceSurprise, DeviceUnreachable } from '../../../core/errors.ts';
import type { ProgramEnd } from '../../../transport/program.ts';
import type { Asking } from '../access.ts';
import type { LoginGuard } from '../login-guard.ts';
import type { IpmiEntry } from './config.ts';
import { complaints, rawAnswer } from './answer.ts';
import { complaintOf } from './complaint.ts';
import { failure, refusal } from './failure.ts';
import { IpmitoolProcess, type Sending } from './ipmitool-process.ts';

/** A BMC forgets a session that is silent for 60 s (some for 30). We leave before that, so as not to talk to nobody. */
const IDLE_MS = 45_000;

/** Something to ask. */
export interface IpmiRequest {
  /** What is asked, in words, for errors. */
  readonly tried: string;
  readonly timeoutMs: number;
}

/** Both outputs of a command that went through to its end, whatever the end was. */
export interface Said {
  readonly stdout: string;
  /** Complaints only; empty when there were none. */
  readonly complaints: string;
  readonly stderr: string;
}

/** Asks one BMC through ipmitool, one thing at a time, in one session that is kept until it is lost, idle or closed. */
export class Ipmitool {
  readonly #entry: IpmiEntry;
  readonly #guard: LoginGuard;
  readonly #clock: Clock;
  readonly #gate = new CallGate(1);
  readonly #closing = new AbortController();
  #process: IpmitoolProcess | undefined;
  #idle = new AbortController();

  constructor(entry: IpmiEntry, guard: LoginGuard, clock: Clock) {
    this.#entry = entry;
    this.#guard = guard;
    this.#clock = clock;
  }

  /** The bytes that a raw command answers after its completion code. `bytes` begin with NetFn and command. */
  raw(bytes: readonly number[], request: IpmiRequest, asking: Asking): Promise<Uint8Array> {
    return this.#inTurn(asking, signal =>
      this.#ask(request, signal, process => this.#raw(process, bytes, request, signal)),
    );
  }

  /**
   * Sends a raw command that changes something, at most once: in a session of its own, because in the kept one ipmitool
   * sends again what is not answered. A lost answer leaves open whether the BMC acted.
   */
  change(
    bytes: readonly number[],
    request: IpmiRequest & { readonly aboutToSend: () => Promise<void> },
    asking: Asking,
  ): Promise<void> {
    return this.#inTurn(asking, async signal => {
      const process = await this.#logIn(request, 'once', signal);
      try {
        await request.aboutToSend();
        const outcome = await this.#raw(process, bytes, request, signal);
        if (!('done' in outcome)) throw this.#lost(request, outcome, true);
      } finally {
        await process.end();
      }
    });
  }

  /**
   * What ipmitool says to a command that it does not say for certain how it ended. `whole` tells whether it worked;
   * where it did not, in a session from before, that session is taken for lost and the command is given once more.
   */
  run(
    command: string,
    request: IpmiRequest & { readonly whole: (said: Said) => Promise<boolean> },
    asking: Asking,
  ): Promise<Said> {
    return this.#inTurn(asking, signal =>
      this.#ask(request, signal, async process => {
        const result = await process.say([command], request.timeoutMs, signal);
        if (result.kind !== 'answered') return result;
        const said = { ...result, complaints: complaints(result.stderr) };
        if (await request.whole(said)) return { done: said };
        return { lost: `ipmitool says: ${said.complaints.slice(0, 200)}` };
      }),
    );
  }

  /** Logs out. Nothing is asked from now on. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the session closes'));
    await this.#leave();
  }

  #inTurn<T>({ priority, signal }: Asking, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const turn = async () => {
      this.#idle.abort(new Error('not idle any more'));
      try {
        return await act(either);
      } finally {
        if (this.#process) this.#leaveWhenIdle();
      }
    };
    return this.#gate.pass(priority, turn, either);
  }

  async #raw(
    process: IpmitoolProcess,
    bytes: readonly number[],
    request: IpmiRequest,
    signal: AbortSignal,
  ): Promise<Outcome<Uint8Array>> {
    const command = ['raw', ...bytes.map(byte => `0x${byte.toString(16).padStart(2, '0')}`)].join(' ');
    const result = await process.say([command], request.timeoutMs, signal);
    if (result.kind !== 'answered') return result;
    const answer = rawAnswer(result.stdout, result.stderr);
    switch (answer.kind) {
      case 'bytes':
        return { done: answer.bytes };
      case 'refused':
        throw refusal(this.#entry, request, answer.complaint);
      case 'silence':
        return { lost: 'no answer' };
      case 'surprise':
        await process.end();
        throw this.#surprise(request, answer.found, `${result.stderr}${result.stdout}`);
    }
  }

  /** Asks in the session that there is, and once more in a new one when that was lost. */
  async #ask<T>(
    request: IpmiRequest,
    signal: AbortSignal,
    act: (process: IpmitoolProcess) => Promise<Outcome<T>>,
  ): Promise<T> {
    const kept = this.#process?.alive ? this.#process : undefined;
    this.#process = kept ?? (await this.#logIn(request, 'repeated', signal));
    const outcome = await act(this.#process);
    if ('done' in outcome) return outcome.done;
    await this.#leave();
    if (kept) return this.#ask(request, signal, act);
    throw this.#lost(request, outcome, false);
  }

  async #logIn(request: IpmiRequest, sending: Sending, signal: AbortSignal): Promise<IpmitoolProcess> {
    this.#guard.check();
    const opened = await this.#tryLogin(sending, signal, 1);
    if (opened instanceof IpmitoolProcess) {
      this.#guard.accepted();
      return opened;
    }
    const error = failure(this.#entry, request, opened, false);
    if ('why' in error && error.why === 'credentials') this.#guard.refuse();
    throw error;
  }

  async #tryLogin(sending: Sending, signal: AbortSignal, attempt: number): Promise<IpmitoolProcess | ProgramEnd> {
    const opened = await IpmitoolProcess.start(this.#entry, sending, signal);
    if (opened instanceof IpmitoolProcess || opened.kind !== 'ended' || attempt > 1) return opened;
    // Some X10 boards give this once and accept the same password the next time (ipmitool issue 154). The BMC itself has
    // refused nothing at that point, and logs nothing.
    return complaintOf(opened.stderr)?.kind === 'bad-hmac' ? this.#tryLogin(sending, signal, 2) : opened;
  }

  #lost(request: IpmiRequest, outcome: Lost, maybeDone: boolean): Error {
    if ('kind' in outcome) return failure(this.#entry, request, outcome, maybeDone);
    return new DeviceUnreachable({ device: this.#entry.name, tried: request.tried, found: outcome.lost, maybeDone });
  }

  #leaveWhenIdle(): void {
    const idle = new AbortController();
    this.#idle = idle;
    void this.#clock.sleep(IDLE_MS, idle.signal).then(
      () => this.#leave(),
      () => undefined,
    );
  }

  async #leave(): Promise<void> {
    this.#idle.abort(new Error('the session ends'));
    const process = this.#process;
    this.#process = undefined;
    await process?.end();
  }

  #surprise({ tried }: IpmiRequest, found: string, excerpt: string): DeviceSurprise {
    return new DeviceSurprise({ device: this.#entry.name, tried, found, excerpt });
  }
}

type Lost = { readonly lost: string } | ProgramEnd;
type Outcome<T> = { readonly done: T } | Lost;
