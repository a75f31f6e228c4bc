import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Express } from 'express';
import { ConfigError, messageOf } from '../core/errors.ts';
import { checkExposure } from './exposure.ts';
import { parseListenAddress, type ListenAddress } from './listen-address.ts';
import type { HttpParts } from './parts.ts';
import { admitsClient, clientAuthOptions } from './web/client-certificate.ts';
import { WebConfigFile } from './web/web-config-file.ts';

interface ListenOptions {
  readonly parts: Omit<HttpParts, 'web' | 'closing'>;
  readonly createApp: (parts: HttpParts) => Express;
  /** `127.0.0.1:10933`; port 0 for a free one. */
  readonly address: string;
  /** The configuration file, for messages about tokens that are missing in it. */
  readonly configFile: string;
  readonly webConfigFile?: string | undefined;
}

/** The service on the wire. */
export interface Listening {
  /** Where it can be reached from this machine. */
  readonly url: string;
  /** Takes no more connections, ends live views, lets answers under way finish, and cuts off what takes too long. */
  close(): Promise<void>;
}

const REQUEST_MS = 60_000;
const FINISH_MS = 2_000;

/** Listens. Throws ConfigError when the address, the web configuration file or a missing token forbids it. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { parts, configFile, webConfigFile } = options;
  const address = readAddress(options.address);
  checkExposure(address, parts.live().tokens, configFile);
  const web = webConfigFile === undefined ? undefined : await WebConfigFile.open(webConfigFile, parts);
  const closing = new AbortController();
  const app = options.createApp({ ...parts, closing: closing.signal, ...(web && { web: () => web }) });
  const server = createServer(app, web);
  server.requestTimeout = REQUEST_MS;
  // Longer than Prometheus and Alertmanager keep an idle connection between two requests, mostly.
  server.keepAliveTimeout = 65_000;
  const port = await bind(server, address, options.address);
  return {
    url: `${web?.config.tls ? 'https' : 'http'}://${reachable(address.host)}:${port}`,
    close: async () => {
      closing.abort(new Error('the service stops'));
      const closed = new Promise(resolve => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), FINISH_MS);
      await closed;
      clearTimeout(cut);
      await web?.close();
    },
  };
}

function createServer(app: Express, web: WebConfigFile | undefined): Server {
  const tls = web?.config.tls;
  if (!web || !tls) {
    const server = createHttpServer(app);
    if (web) server.on('connection', () => void web.refresh(() => undefined));
    return server;
  }
  const server = createHttpsServer({ ...tls.context, ...clientAuthOptions(tls) }, app);
  server.on('connection', () => {
    void web.refresh(config => {
      if (config.tls) server.setSecureContext(config.tls.context);
    });
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (!admitsClient(tls, socket)) socket.destroy();
  });
  return server;
}

function readAddress(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address) return address;
  throw listenProblem(`found "${text}"; host:port is expected, as 127.0.0.1:10933, [::1]:10933 or :10933`);
}

function bind(server: Server, { host, port }: ListenAddress, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(listenProblem(`cannot listen on ${text}: ${messageOf(error)}`)));
    server.listen({ port, ...(host !== '' && { host }) }, () => resolve((server.address() as AddressInfo).port));
  });
}

function reachable(host: string): string {
  if (host === '' || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function listenProblem(message: string): ConfigError {
  return new ConfigError([{ file: 'command line', line: 1, column: 1, path: '--web.listen-address', message }]);
}
