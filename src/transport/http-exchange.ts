import type { Dispatcher } from 'undici';

/** One answer, whole. Redirects are answers too: nothing follows them. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names, as undici gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The answer is longer than the caller allowed. */
export const OVERSIZED = Symbol('oversized');

/** How an exchange ended: with an answer, or without one. */
type Ending =
  | { readonly answer: HttpAnswer }
  /** `sent`: the request may have reached the device. */
  | { readonly error: unknown; readonly sent: boolean };

/**
 * Follows one request on its way. Only undici's own handler interface tells whether the request was put on a connection
 * before things broke, and lets a body be cut off while it streams in.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<Ending>;
  readonly #maxBytes: number;
  readonly #end: (ending: Ending) => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #stopped: Error | undefined;
  #bytes = 0;
  #status = 0;
  #headers: HttpAnswer['headers'] = {};

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.ended = promise;
    this.#end = resolve;
  }

  /** Ends the exchange now. A request that still waits for a connection is never sent. */
  stop(reason: Error): void {
    this.#stopped ??= reason;
    this.#end({ error: reason, sent: this.#controller !== undefined });
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#stopped) {
      controller.abort(this.#stopped);
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HttpAnswer['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) {
      this.#chunks.push(chunk);
      return;
    }
    this.#end({ error: OVERSIZED, sent: true });
    controller.abort(new Error('answer is too long'));
  }

  onResponseEnd(): void {
    this.#end({ answer: { status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) } });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end({ error, sent: this.#controller !== undefined });
  }
}
