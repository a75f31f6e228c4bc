import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Certificate } from '../certificate.ts';
import { FaultQueue, type FaultOrder } from './faults.ts';

export interface WebRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface WebReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** What was asked, without credentials. */
export interface WebCall {
  readonly at: number;
  readonly call: string;
  /** It changes something on the device. */
  readonly changes: boolean;
  readonly status: number;
  readonly fault?: string;
}

/** What stands behind a simulated BMC's web server. */
export interface WebSite {
  answer(request: WebRequest): WebReply;
  changes(request: WebRequest): boolean;
  forgetSessions(): void;
  /** The reply when no further session fits. */
  sessionsFull(): WebReply;
}

const LARGEST_BODY_BYTES = 1_000_000;

/** An HTTP or HTTPS listener on loopback that keeps a log of its calls and lets ordered faults have their way. */
export class WebServer {
  readonly faults = new FaultQueue();
  readonly calls: WebCall[] = [];
  /** Told of each call as it comes in, `GET /redfish/v1/`, before anything is done about it. */
  onCall: (call: string) => void = () => undefined;
  readonly #site: WebSite;
  readonly #server: Server;
  readonly #secure: boolean;
  readonly #stopped = new AbortController();

  /** Plain HTTP without a certificate. */
  constructor(site: WebSite, certificate: Certificate | undefined) {
    this.#site = site;
    this.#secure = certificate !== undefined;
    this.#server = certificate
      ? createTlsServer({ key: certificate.keyPem, cert: certificate.certificatePem })
      : createPlainServer();
    this.#server.on('request', (message: IncomingMessage, response: ServerResponse) => {
      void this.#serve(message, response).catch(() => message.socket.destroy());
    });
  }

  /** Resolves to the URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#secure ? 'https' : 'http'}://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    const closed = new Promise(resolve => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message);
    const call = `${request.method} ${request.path}`;
    this.onCall(call);
    const fault = this.faults.take(call);
    const reply = await this.#meet(fault, request);
    this.calls.push({
      at: Date.now(),
      call,
      changes: this.#site.changes(request),
      status: reply?.status ?? 0,
      ...(fault ? { fault: fault.kind } : {}),
    });
    if (!reply) return fault?.kind === 'hang' ? undefined : void message.socket.destroy();
    response.writeHead(reply.status, { ...reply.headers } as Record<string, string | string[]>);
    response.end(reply.body);
  }

  /** The reply as the fault leaves it, or none. */
  async #meet(fault: FaultOrder | undefined, request: WebRequest): Promise<WebReply | undefined> {
    switch (fault?.kind) {
      case undefined:
        return this.#site.answer(request);
      case 'slow':
        await delay(fault.ms, undefined, { signal: this.#stopped.signal });
        return this.#site.answer(request);
      case 'status':
        return { status: fault.status, body: fault.body ?? '' };
      case 'session-lost':
        this.#site.forgetSessions();
        return this.#site.answer(request);
      case 'sessions-full':
        return this.#site.sessionsFull();
      case 'hang':
        return undefined;
      case 'reset':
        this.#site.answer(request);
        return undefined;
      case 'malformed':
      case 'truncated':
      case 'empty':
      case 'stray-tail':
        return spoil(this.#site.answer(request), fault.kind);
    }
  }
}

function spoil(reply: WebReply, how: 'malformed' | 'truncated' | 'empty' | 'stray-tail'): WebReply {
  const body = reply.body ?? '';
  const spoiled = {
    malformed: body.replace('/>', '>').replace('}', ']'),
    truncated: body.slice(0, Math.floor(body.length * 0.6)),
    empty: '',
    'stray-tail': `${body}@`,
  }[how];
  return { ...reply, body: spoiled };
}

async function readRequest(message: IncomingMessage): Promise<WebRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) throw new RangeError('request is too large');
    chunks.push(chunk);
  }
  const url = new URL(message.url ?? '/', 'http://bmc');
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
