import type { Endpoint } from '../flows/columns.ts';
import type { TlsConnection } from './handshake.ts';
import { compareVersions } from './versions.ts';

/**
 * Pairs of client and server that are told apart; beyond, connections are only counted. Those below TLS 1.2 are what
 * people look for: there is room for more of them, whatever else there is.
 */
const MOST_OLD_PAIRS = 50_000;
const MOST_OTHER_PAIRS = 10_000;

/** Connections between one client and one server that came to the same version. */
export interface Pair {
  /** The client's address; its ports change from connection to connection. */
  readonly client: string;
  readonly server: Endpoint;
  readonly serverName: string | undefined;
  /** What was negotiated, or offered where nothing was. */
  readonly version: string;
  readonly negotiated: boolean;
  connections: number;
}

/** The version that a connection is judged by: what was negotiated, else the most that the client offered. */
export function effectiveVersion(connection: TlsConnection): string {
  return connection.negotiated ?? connection.offered ?? '';
}

/** Counts connections by version, and by client and server. */
export class TlsSummary {
  /** Connections by version; those without a ServerHello are not in here. */
  readonly negotiated = new Map<string, number>();
  connections = 0;
  unanswered = 0;
  /** Connections whose pair was not kept. */
  unlisted = 0;
  readonly #pairs = new Map<string, Pair>();
  #oldPairs = 0;

  add(connection: TlsConnection): void {
    this.connections++;
    if (connection.negotiated === undefined) this.unanswered++;
    else this.negotiated.set(connection.negotiated, (this.negotiated.get(connection.negotiated) ?? 0) + 1);
    const { client, server, negotiated } = connection;
    const version = effectiveVersion(connection);
    const key = `${client.address} ${server.address} ${server.port} ${version} ${negotiated === undefined}`;
    const known = this.#pairs.get(key);
    if (known) known.connections++;
    else if (!this.#hasRoom(version)) this.unlisted++;
    else {
      const { serverName } = connection;
      const pair = { client: client.address, server, serverName, version, negotiated: negotiated !== undefined };
      this.#pairs.set(key, { ...pair, connections: 1 });
    }
  }

  #hasRoom(version: string): boolean {
    if (compareVersions(version, 'TLSv1.2') >= 0) return this.#pairs.size - this.#oldPairs < MOST_OTHER_PAIRS;
    if (this.#oldPairs >= MOST_OLD_PAIRS) return false;
    this.#oldPairs++;
    return true;
  }

  /** Oldest version first; among equals, the busiest. */
  get pairs(): readonly Pair[] {
    return [...this.#pairs.values()].toSorted(
      (a, b) => compareVersions(a.version, b.version) || b.connections - a.connections,
    );
  }
}
