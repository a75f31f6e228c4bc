import { systemClock, type Clock } from '../../../core/clock.ts';
import { createAuthority, issueCertificate } from '../../certificate.ts';
import { Board } from '../board.ts';
import type { SelOptions } from '../sel.ts';
import { WebServer } from '../web-server.ts';
import { CgiSite, type CgiOptions } from './site.ts';

export interface CgiSimulatorOptions extends Partial<CgiOptions> {
  readonly name?: string;
  readonly clock?: Clock;
  readonly username?: string;
  readonly password?: string;
  readonly sel?: Partial<SelOptions>;
  /** Without TLS, as many X9 boards are run. */
  readonly plainHttp?: boolean;
}

/** A simulated Supermicro BMC of the generations X9 to X11, on loopback. */
export interface CgiSimulator {
  readonly board: Board;
  readonly site: CgiSite;
  readonly server: WebServer;
  readonly address: string;
  /** Authority of its certificate; undefined with plain HTTP. */
  readonly caPem: string | undefined;
  close(): Promise<void>;
}

export async function startCgiSimulator(options: CgiSimulatorOptions = {}): Promise<CgiSimulator> {
  const { name = 'bmc', clock = systemClock, username = 'monitor', password = 'test1234', sel = {} } = options;
  const board = new Board({ name, clock, username, password, sel, restartMs: 500 });
  const { generation = 'x10', csrf = true, recordsShown = 0xc0 } = options;
  const site = new CgiSite(board, { generation, csrf, recordsShown });
  const authority = options.plainHttp ? undefined : createAuthority(`${name} authority`);
  const subject = { commonName: name, hosts: ['127.0.0.1', 'localhost'] };
  const server = new WebServer(site, authority && issueCertificate(authority, subject));
  const address = await server.listen();
  return { board, site, server, address, caPem: authority?.certificatePem, close: () => server.close() };
}
