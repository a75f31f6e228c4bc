import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from '../certificate.ts';
import type { PanosApi } from './api.ts';
import type { CallLog, CallRecord } from './call-log.ts';
import { createExchange } from './exchange.ts';
import { applyFault } from './fault-effects.ts';
import type { FaultQueue } from './faults.ts';
import { type ApiRequest, readRequest } from './request.ts';
import type { Member } from './state/member.ts';
import type { PanosState } from './state/state.ts';

interface Parts {
  readonly member: Member;
  readonly state: PanosState;
  readonly api: PanosApi;
  readonly certificate: Certificate;
  readonly log: CallLog;
  readonly faults: FaultQueue;
}

/** The HTTPS listener of one member: reads a call, keeps the log, lets faults have their way, and answers. */
export class MemberServer {
  readonly #parts: Parts;
  readonly #server: Server;
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;
  #inFlight = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#server = createServer({ key: parts.certificate.keyPem, cert: parts.certificate.certificatePem });
    this.#server.on('connection', (socket: Socket) => this.#refuseWhileDown(socket));
    this.#server.on('secureConnection', socket => this.#connections.set(socket, ++this.#connectionCount));
    this.#server.on('request', (message, response) => void this.#serve(message, response));
  }

  /** Listens on 127.0.0.1; port 0 takes a free one. Resolves to the URL. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const { port: taken } = this.#server.address() as AddressInfo;
    return `https://127.0.0.1:${taken}`;
  }

  /** Cuts what hangs and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#inFlight++;
    response.once('close', () => this.#inFlight--);
    const request = await readRequest(message).catch(() => undefined);
    // Larger than a device reads, or broken off by the client: the connection is cut, as a device does.
    if (!request) return void response.destroy();
    await this.#answer(request, message.socket, response);
  }

  async #answer(request: ApiRequest, socket: Socket, response: ServerResponse): Promise<void> {
    const { api, faults, log, member, state } = this.#parts;
    state.advance();
    if (isDown(member)) return void socket.destroy();
    const record = log.add(this.#record(request, socket));
    const exchange = createExchange(response, record, () => api.answer(request, member));
    const fault = faults.take(member.name, record.command);
    if (!fault) return exchange.send(exchange.perform());
    record.fault = fault.kind;
    await applyFault(fault, exchange);
  }

  #record(request: ApiRequest, socket: Socket): CallRecord {
    return {
      at: this.#parts.state.now(),
      member: this.#parts.member.name,
      method: request.method,
      type: request.type,
      command: request.text,
      keyIn: request.keyIn,
      connection: this.#connections.get(socket) ?? 0,
      inFlight: this.#inFlight,
      changes: this.#parts.api.changes(request),
      applied: false,
    };
  }

  #refuseWhileDown(socket: Socket): void {
    this.#parts.state.advance();
    if (isDown(this.#parts.member)) socket.destroy();
  }
}

function isDown(member: Member): boolean {
  return member.downUntil !== undefined;
}
