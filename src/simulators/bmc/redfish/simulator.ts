import { systemClock, type Clock } from '../../../core/clock.ts';
import { createAuthority, issueCertificate, type Certificate } from '../../certificate.ts';
import { Board } from '../board.ts';
import type { SelOptions } from '../sel.ts';
import { WebServer } from '../web-server.ts';
import { RedfishSite, type RedfishOptions } from './site.ts';

export interface RedfishSimulatorOptions extends Partial<RedfishOptions> {
  readonly name?: string;
  readonly clock?: Clock;
  readonly username?: string;
  readonly password?: string;
  readonly sel?: Partial<SelOptions>;
  /** How long the host stays without power in a restart, in milliseconds. */
  readonly restartMs?: number;
  /** For many simulators at once: making an authority for each takes its time. */
  readonly authority?: { readonly caPem: string; readonly certificate: Certificate };
}

/** A simulated BMC with Redfish, on loopback. */
export interface RedfishSimulator {
  readonly board: Board;
  readonly site: RedfishSite;
  readonly server: WebServer;
  readonly address: string;
  readonly caPem: string;
  close(): Promise<void>;
}

export async function startRedfishSimulator(options: RedfishSimulatorOptions = {}): Promise<RedfishSimulator> {
  const { name = 'bmc', clock = systemClock, username = 'monitor', password = 'test1234', sel = {} } = options;
  const board = new Board({ name, clock, username, password, sel, restartMs: options.restartMs ?? 500 });
  const { vendor = 'supermicro', sessionsMax = 8, taskPolls = 1, resets } = options;
  const site = new RedfishSite(board, { vendor, sessionsMax, taskPolls, ...(resets ? { resets } : {}) });
  const { caPem, certificate } = options.authority ?? certify(name);
  const server = new WebServer(site, certificate);
  const address = await server.listen();
  return { board, site, server, address, caPem, close: () => server.close() };
}

/** An authority, and a certificate of it for a simulator on loopback. */
export function certify(name: string): { readonly caPem: string; readonly certificate: Certificate } {
  const authority = createAuthority(`${name} authority`);
  const certificate = issueCertificate(authority, { commonName: name, hosts: ['127.0.0.1', 'localhost'] });
  return { caPem: authority.certificatePem, certificate };
}
