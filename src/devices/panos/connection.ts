import { CallGate, type Priority } from '../../core/call-gate.ts';
import type { Clock } from '../../core/clock.ts';
import { DeviceRefused, DeviceUnreachable, UnclogError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { HttpClient } from '../../transport/http-client.ts';
import { ApiKey } from './api-key.ts';
import type { Credentials } from './config.ts';
import { callError, passwordRefused } from './fault-error.ts';
import { readPersistently } from './persistent-read.ts';
import { type Fault, type Outcome, readAnswer, type Reply, type ReplyFacts } from './reply.ts';
import type { Command } from './xml/command.ts';
import { childText } from './xml/element.ts';

interface ConnectionOptions {
  readonly device: string;
  /** As in the label `member`. */
  readonly member: string;
  readonly http: HttpClient;
  readonly credentials: Credentials;
  readonly clock: Clock;
}

/** The vendor asks for no more than five calls at a time, from all clients together. */
export const CALLS_AT_A_TIME = 2;

const CALL_DEADLINE_MS = 10_000;
const LONGEST_ANSWER_BYTES = 50_000_000;

/** The XML API of one member: its queue, its key, and what its refusals mean. */
export class MemberConnection {
  readonly member: string;
  readonly #options: ConnectionOptions;
  readonly #gate = new CallGate(CALLS_AT_A_TIME);
  readonly #key: ApiKey;

  constructor(options: ConnectionOptions) {
    this.member = options.member;
    this.#options = options;
    const { credentials, clock } = options;
    this.#key = new ApiKey(clock, credentials.kind === 'key' ? credentials.key.secret : () => this.#keygen());
  }

  /** Asks, and asks again where that can help. Errors never have `maybeDone`. */
  async read(command: Command, priority: Priority, signal: AbortSignal): Promise<Reply> {
    const outcome = await this.#read(command, priority, signal);
    if ('reply' in outcome) return outcome.reply;
    throw this.#failure(command, outcome.fault, false);
  }

  /** The same, for a command that this platform or release may not know: undefined then. */
  async readIfSupported(command: Command, priority: Priority, signal: AbortSignal): Promise<Reply | undefined> {
    const outcome = await this.#read(command, priority, signal);
    if ('reply' in outcome) return outcome.reply;
    if (outcome.fault.kind === 'unsupported') return undefined;
    throw this.#failure(command, outcome.fault, false);
  }

  /** The same, for an object of the configuration that may not be there: undefined then. */
  async readIfPresent(command: Command, priority: Priority, signal: AbortSignal): Promise<Reply | undefined> {
    const outcome = await this.#read(command, priority, signal);
    if ('reply' in outcome) return outcome.reply;
    if (outcome.fault.kind === 'absent') return undefined;
    throw this.#failure(command, outcome.fault, false);
  }

  /** Sends a change, once: who sent it must read the device before sending it again. */
  async change(command: Command, priority: Priority, signal: AbortSignal): Promise<Reply> {
    const key = await this.#currentKey(command, signal);
    const outcome = await this.#send(command, key, priority, signal, false);
    if ('reply' in outcome) return outcome.reply;
    if (['session-expired', 'credentials'].includes(outcome.fault.kind)) this.#key.drop(key);
    throw this.#failure(command, outcome.fault, true);
  }

  close(): Promise<void> {
    return this.#options.http.close();
  }

  #read(command: Command, priority: Priority, signal: AbortSignal): Promise<Outcome> {
    return this.#orGivenUp(command, signal, () =>
      readPersistently(this.#options.clock, this.#key, signal, async () => {
        const key = await this.#currentKey(command, signal);
        return { key, outcome: await this.#send(command, key, priority, signal, true) };
      }),
    );
  }

  async #send(command: Command, key: Secret, priority: Priority, signal: AbortSignal, readOnly: boolean) {
    const facts = this.#facts(command.words);
    const call = () =>
      this.#options.http.send({
        ...POST,
        headers: { ...POST.headers, 'X-PAN-KEY': key },
        body: new URLSearchParams(command.form).toString(),
        tried: facts.tried,
        signal,
        readOnly,
      });
    const answer = await this.#orGivenUp(command, signal, () => this.#gate.pass(priority, call, signal));
    return readAnswer(answer, facts);
  }

  /** Other callers wait for the same key, so that one who gives up must not end the call that gets it. */
  #currentKey(command: Command, signal: AbortSignal): Promise<Secret> {
    return this.#orGivenUp(command, signal, async () => {
      const { promise: aborted, reject } = Promise.withResolvers<never>();
      const onAbort = () => reject(new Error('aborted'));
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      const key = Promise.race([this.#key.current(), aborted]);
      return key.finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  async #keygen(): Promise<Secret> {
    const { credentials, http } = this.#options;
    const facts = { ...this.#facts('keygen'), confidential: true };
    if (credentials.kind !== 'password') return credentials.key.secret;
    const password = credentials.password.secret;
    const form = { type: 'keygen', user: credentials.username, password: password.reveal() };
    const body = new URLSearchParams(form).toString();
    const call = () => http.send({ ...POST, body, secrets: [password], tried: facts.tried, readOnly: true });
    const outcome = readAnswer(await this.#gate.pass('remedy', call), facts);
    if ('fault' in outcome) {
      const wrong = outcome.fault.kind === 'credentials';
      throw wrong ? passwordRefused(facts, outcome.fault) : this.#callError(facts, outcome.fault, false);
    }
    const key = childText(outcome.reply.result, 'key');
    if (key === undefined) throw outcome.reply.surprise('no <key>');
    return new Secret(key);
  }

  #failure(command: Command, fault: Fault, change: boolean): UnclogError {
    const error = this.#callError(this.#facts(command.words), fault, change);
    if (error instanceof DeviceRefused && error.why === 'credentials') this.#key.refuse(error);
    return error;
  }

  #callError(facts: ReplyFacts, fault: Fault, change: boolean): UnclogError {
    return callError(facts, fault, { change, renewable: this.#key.renewable });
  }

  /** What is thrown because the caller gave up becomes an error of the closed set. */
  async #orGivenUp<T>(command: Command, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof UnclogError || !signal.aborted) throw error;
      throw new DeviceUnreachable({
        ...this.#facts(command.words),
        found: 'given up before it was sent',
        cause: error,
      });
    }
  }

  #facts(words: string): ReplyFacts {
    return { device: this.#options.device, tried: `${words} on ${this.member}` };
  }
}

const POST = {
  method: 'POST',
  path: '/api/',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  deadlineMs: CALL_DEADLINE_MS,
  maxBytes: LONGEST_ANSWER_BYTES,
} as const;
