import { Pool } from 'undici';
import type { Clock } from '../core/clock.ts';
import { formatDuration } from '../core/duration.ts';
import { Bug, DeviceRefused, DeviceSurprise, DeviceUnreachable, messageOf, UnclogError } from '../core/errors.ts';
import { redact, Secret } from '../core/secret.ts';
import { HttpExchange, OVERSIZED, type HttpAnswer } from './http-exchange.ts';
import { tlsConnector } from './tls-connector.ts';
import type { TlsTrust } from './tls-trust.ts';

export interface HttpClientOptions {
  /** Name of the device, for errors. */
  readonly device: string;
  /** Scheme, host and port. */
  readonly address: string;
  readonly trust: TlsTrust;
  readonly clock: Clock;
  /** Connections that may be open at a time. */
  readonly connections: number;
  /** Only for protocols that carry no credentials. */
  readonly allowPlainHttp?: boolean;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, beginning with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | Secret>>;
  readonly body?: string;
  /** Secrets in path and body, to keep out of errors; those in headers are known. */
  readonly secrets?: readonly Secret[];
  /** What is asked, in words, for errors. */
  readonly tried: string;
  /** From now to the last byte of the answer, in milliseconds. */
  readonly deadlineMs: number;
  /** Longest answer, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** The call changes nothing: when it fails, nobody has to find out whether it was done. */
  readonly readOnly?: boolean;
}

// Longer than the common scrape intervals, so that a scrape finds the connection of the one before.
const KEEP_ALIVE_MS = 75_000;

/**
 * HTTP to one address of one device: connections are reused, certificates judged, answers capped, deadlines kept.
 * Any status is an answer; what it means is the driver's to say. Nothing is ever sent twice.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  #pool: Pool | undefined;
  #closed = false;

  /** Opens nothing. */
  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /**
   * Throws DeviceUnreachable when no whole answer came (`maybeDone` when the request may have been received),
   * DeviceRefused `trust` when the certificate is not the expected one, DeviceSurprise when the answer is too long.
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    if (request.signal?.aborted) throw this.#unreachable(request, 'given up before it was sent', false);
    if (this.#closed) throw this.#unreachable(request, 'the connection was closed by this program', false);
    const pool = this.#connect(request);
    const exchange = new HttpExchange(request.maxBytes);
    const finished = new AbortController();
    const onAbort = () => exchange.stop(new Error('given up before the whole answer came'));
    request.signal?.addEventListener('abort', onAbort, { once: true });
    void this.#deadline(request, exchange, finished.signal);
    try {
      pool.dispatch(dispatchOptions(request), exchange);
      const ending = await exchange.ended;
      if ('answer' in ending) return ending.answer;
      throw this.#failure(request, ending.error, ending.sent);
    } finally {
      finished.abort();
      request.signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Waits for answers that are under way, then closes the connections. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool?.close();
  }

  #connect(request: HttpRequest): Pool {
    if (this.#pool) return this.#pool;
    const { device, address, trust, connections } = this.#options;
    if (new URL(address).protocol !== 'https:' && this.#options.allowPlainHttp !== true) {
      const found = `${address} would carry credentials in the clear; write https://`;
      throw new DeviceRefused({ device, tried: request.tried, found, why: 'trust' });
    }
    // Deadlines are kept here, by the clock; undici's own timers would only end calls that were allowed to be long.
    this.#pool = new Pool(new URL(address).origin, {
      connections,
      connect: tlsConnector(device, trust),
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
    });
    return this.#pool;
  }

  async #deadline(request: HttpRequest, exchange: HttpExchange, finished: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(request.deadlineMs, finished);
    } catch {
      return; // The exchange ended first.
    }
    exchange.stop(new Error(`no whole answer within ${formatDuration(request.deadlineMs)}`));
  }

  #failure(request: HttpRequest, error: unknown, sent: boolean): UnclogError {
    if (error instanceof UnclogError) return error;
    if (error === OVERSIZED) {
      const found = `the answer is longer than ${request.maxBytes} bytes and was cut off`;
      return new DeviceSurprise({ device: this.#options.device, tried: request.tried, found });
    }
    if (codeOf(error) === 'UND_ERR_INVALID_ARG') return new Bug(`${request.tried}: ${messageOf(error)}`);
    return this.#unreachable(request, describe(error), sent, error);
  }

  #unreachable(request: HttpRequest, found: string, maybeDone: boolean, cause?: unknown): DeviceUnreachable {
    const secrets = [...Object.values(request.headers ?? {}).filter(value => value instanceof Secret)];
    const redacted = redact(found, [...secrets, ...(request.secrets ?? [])]);
    return new DeviceUnreachable({
      device: this.#options.device,
      tried: request.tried,
      found: redacted,
      maybeDone: maybeDone && request.readOnly !== true,
      cause,
    });
  }
}

function dispatchOptions(request: HttpRequest) {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers[name] = value instanceof Secret ? value.reveal() : value;
  }
  return { method: request.method, path: request.path, headers, body: request.body ?? null };
}

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'no route to network',
  ENOTFOUND: 'host name not found',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 10 s',
  UND_ERR_SOCKET: 'connection closed before the whole answer came',
};

function describe(error: unknown): string {
  const code = codeOf(error);
  return MEANINGS[code] ?? (code === '' ? messageOf(error) : `${messageOf(error)} (${code})`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
