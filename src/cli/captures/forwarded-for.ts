import type { ForwardedConnection, ForwardedRequest } from '../../captures/findings.ts';
import { displayFilter, extractConnections } from '../../captures/extract.ts';
import type { Crew } from '../../captures/parallel/crew.ts';
import { formatInstant } from '../../captures/reading/timestamps.ts';
import { messageOf } from '../../core/errors.ts';
import { type Io, print } from '../io.ts';
import { table } from '../table.ts';
import { Lines } from './lines.ts';
import { studyPaths } from './study.ts';
import type { StudyFlags } from './study-flags.ts';

export interface ForwardedForFlags extends StudyFlags {
  readonly trusted?: number;
  readonly requests?: true;
  /** File to write the connections to. */
  readonly extract?: string;
  readonly json?: true;
}

/** `unclog captures forwarded-for`: the connections behind a proxy that carry a client. Returns the exit code. */
export async function findForwarded(
  io: Io,
  client: string,
  paths: readonly string[],
  flags: ForwardedForFlags,
  crew?: Crew,
): Promise<0 | 1 | 2> {
  if (flags.extract !== undefined && paths.includes('-')) {
    io.stderr.write('unclog: --extract reads the captures twice, which standard input does not allow: name a file\n');
    return 2;
  }
  const forwarded = { clients: [client], trusted: flags.trusted };
  const lines = new Lines(io);
  const connections: ForwardedConnection[] = [];
  const requests: ForwardedRequest[] = [];
  const wanted = { tls: false, forwarded, requests: flags.requests ?? false };
  const code = await studyPaths(io, paths, flags, crew, wanted, finding => {
    if (finding.kind === 'forwarded') {
      connections.push(finding.forwarded);
      if (flags.json && !flags.requests) lines.add(JSON.stringify(connectionJson(finding.forwarded)));
    }
    if (finding.kind === 'request') {
      if (flags.json) lines.add(JSON.stringify(requestJson(finding.request)));
      else requests.push(finding.request);
    }
  });
  lines.flush();
  if (code === 2) return code;
  if (!flags.json) printFound(io, client, connections, requests);
  if (flags.extract === undefined || connections.length === 0) return code;
  return (await extract(io, flags.extract, paths, connections)) ? code : 1;
}

async function extract(
  io: Io,
  to: string,
  paths: readonly string[],
  connections: readonly ForwardedConnection[],
): Promise<boolean> {
  try {
    const packets = await extractConnections(paths, connections, to);
    io.stderr.write(
      `unclog: ${packets} packets written to ${to}; the same in Wireshark: ${displayFilter(connections)}\n`,
    );
    return true;
  } catch (error) {
    io.stderr.write(`unclog: writing ${to}: ${messageOf(error)}\n`);
    return false;
  }
}

function connectionJson(found: ForwardedConnection): object {
  return { ...found, firstSeen: formatInstant(found.firstSeen), lastSeen: formatInstant(found.lastSeen) };
}

function requestJson(found: ForwardedRequest): object {
  return { ...found, at: formatInstant(found.at) };
}

function printFound(
  io: Io,
  client: string,
  connections: readonly ForwardedConnection[],
  requests: readonly ForwardedRequest[],
): void {
  if (connections.length === 0) {
    print(io, `no connection carried ${client}`);
    return;
  }
  const rows = connections.map(found => [
    `${found.client.address} ${found.client.port}`,
    `${found.server.address} ${found.server.port}`,
    found.source,
    found.address,
    String(found.requests),
    formatInstant(found.firstSeen),
    formatInstant(found.lastSeen),
  ]);
  print(io, table(['FROM', 'TO', 'SOURCE', 'ADDRESS', 'REQUESTS', 'FIRST', 'LAST'], rows));
  if (requests.length === 0) return;
  const lines = requests.map(found => [
    formatInstant(found.at),
    `${found.client.address} ${found.client.port}`,
    found.address,
    found.request,
  ]);
  print(io, `\n${table(['TIME', 'FROM', 'ADDRESS', 'REQUEST'], lines)}`);
}
