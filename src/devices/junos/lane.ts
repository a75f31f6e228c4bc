import { CallGate, type Priority } from '../../core/call-gate.ts';
import type { Clock } from '../../core/clock.ts';
import { DeviceRefused, DeviceSurprise, DeviceUnreachable } from '../../core/errors.ts';
import { formatDuration } from '../../core/duration.ts';
import { type FaultKind, ReplyFault, ReplySurprise } from './replies/fault.ts';
import type { Clear, Show } from './request.ts';
import type { Form, Wire } from './wire/wire.ts';

/** How one command is put. */
export interface Question {
  readonly request: Show | Clear;
  readonly form: Form;
  readonly priority: Priority;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/**
 * One command at a time, remedies first, each within a limit of time. A device has two lanes over its one connection,
 * so that a scrape need not wait for a list that takes a minute.
 */
export class Lane {
  readonly #device: string;
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #gate = new CallGate(1);

  constructor(device: string, wire: Wire, clock: Clock) {
    this.#device = device;
    this.#wire = wire;
    this.#clock = clock;
  }

  /** Asks, and has `read` read the reply. What either finds wrong becomes an error of the device. */
  async ask<T>(question: Question, read: (chunks: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
    const { request, priority, signal } = question;
    return this.#gate.pass(
      priority,
      async () => {
        try {
          return await this.#within(question, inner => read(this.#chunks(question, inner)));
        } catch (error) {
          throw this.#translated(error, request);
        }
      },
      signal,
    );
  }

  /** Looks at what several replies say together; what is wrong becomes an error of the device, as in `ask`. */
  check<T>(request: Show, look: () => T): T {
    try {
      return look();
    } catch (error) {
      throw this.#translated(error, request);
    }
  }

  close(): void {
    this.#wire.close();
  }

  /**
   * A connection or session that was kept may have died unnoticed. Reading is begun once more as long as nothing came;
   * a change is never sent again.
   */
  async *#chunks({ request, form }: Question, signal: AbortSignal): AsyncGenerator<Buffer, void> {
    let begun = false;
    try {
      for await (const chunk of this.#wire.ask(request, form, signal)) {
        begun = true;
        yield chunk;
      }
      return;
    } catch (error) {
      if (begun || request.kind !== 'show' || signal.aborted || !(error instanceof DeviceUnreachable)) throw error;
    }
    yield* this.#wire.ask(request, form, signal);
  }

  async #within<T>(question: Question, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const over = new AbortController();
    const limit = new AbortController();
    const timer = this.#clock.sleep(question.limitMs, over.signal).then(
      () => {
        limit.abort(this.#late(question));
      },
      () => {},
    );
    try {
      return await work(AbortSignal.any([question.signal, limit.signal]));
    } finally {
      over.abort();
      await timer;
    }
  }

  #late({ request, limitMs }: Question): DeviceUnreachable {
    return new DeviceUnreachable({
      device: this.#device,
      tried: request.words,
      found: `no whole answer within ${formatDuration(limitMs)}`,
      maybeDone: request.kind === 'clear',
    });
  }

  #translated(error: unknown, { words }: Show | Clear): unknown {
    const facts = { device: this.#device, tried: words, cause: error };
    if (error instanceof ReplySurprise) return new DeviceSurprise({ ...facts, found: `the reply is ${error.message}` });
    if (!(error instanceof ReplyFault)) return error;
    if (error.kind === 'permission') {
      const found = `${error.message}; the login class of this user lacks a permission (view to read, clear to clear)`;
      return new DeviceRefused({ ...facts, found, why: 'role' });
    }
    return new DeviceSurprise({ ...facts, found: `the device answered: ${error.message}` });
  }
}

/** Whether an error says that a feature is not switched on: a state of the device, not a failure. */
export function isNotConfigured(error: unknown): boolean {
  return faultKind(error) === 'not-configured';
}

/** Whether the device does not know the command. */
export function isSyntaxError(error: unknown): boolean {
  return faultKind(error) === 'syntax';
}

function faultKind(error: unknown): FaultKind | undefined {
  return error instanceof DeviceSurprise && error.cause instanceof ReplyFault ? error.cause.kind : undefined;
}
