import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { X509Certificate } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { SecretSource } from '../../src/core/secret-source.ts';
import { Secret } from '../../src/core/secret.ts';

const folder = join(import.meta.dirname, '../fixtures/tls');

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An HTTPS server on 127.0.0.1 that answers as the test says, with a certificate of the test authority. */
export class TlsServer implements AsyncDisposable {
  /** Requests so far, oldest first. */
  readonly requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  /** TCP connections so far. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(handler: Handler): Promise<TlsServer> {
    const files = { cert: readFileSync(join(folder, 'server.pem')), key: readFileSync(join(folder, 'server.key')) };
    const server = createServer(files);
    const started = new TlsServer(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const { method = '', url = '', headers } = request;
        started.requests.push({ method, path: url, headers, body });
        handler(request, response, body);
      });
    });
    server.on('connection', (socket: Socket) => {
      started.connections += 1;
      started.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => started.#sockets.delete(socket));
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

/** 64 lower-case hex digits. */
export const serverFingerprint = new X509Certificate(readFileSync(join(folder, 'server.pem'))).fingerprint256
  .replaceAll(':', '')
  .toLowerCase();

/** A file of test/fixtures/tls as the configuration loader would hand it over. */
export function pemFile(name: 'ca.pem' | 'other-ca.pem'): SecretSource {
  return filled(name, readFileSync(join(folder, name), 'utf8'));
}

export function filled(name: string, text: string): SecretSource {
  const source = new SecretSource('file', name);
  source.fill(new Secret(text));
  return source;
}
