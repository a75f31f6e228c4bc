import type { Crew } from '../../captures/parallel/crew.ts';
import { formatInstant } from '../../captures/reading/timestamps.ts';
import type { TlsConnection } from '../../captures/tls/handshake.ts';
import { effectiveVersion, TlsSummary } from '../../captures/tls/summary.ts';
import { compareVersions } from '../../captures/tls/versions.ts';
import { type Io, print } from '../io.ts';
import { table } from '../table.ts';
import { Lines } from './lines.ts';
import { studyPaths } from './study.ts';
import type { StudyFlags } from './study-flags.ts';

export interface TlsFlags extends StudyFlags {
  /** Name of a version: only what is older counts, and any such connection makes the exit code 1. */
  readonly below?: string;
  readonly json?: true;
  readonly csv?: true;
  readonly top: number;
}

const CSV_COLUMNS = [
  'file', 'first_seen', 'client', 'client_port', 'server', 'server_port', 'protocol', 'offered', 'negotiated',
  'server_name', 'cipher', 'evidence', 'refused',
]; // prettier-ignore

/** `unclog captures tls`: which TLS versions are spoken, and by whom. Returns the exit code. */
export async function auditTls(io: Io, paths: readonly string[], flags: TlsFlags, crew?: Crew): Promise<0 | 1 | 2> {
  const summary = new TlsSummary();
  let count = 0;
  const lines = new Lines(io);
  const csvLine = flags.csv ? await csvWriter() : undefined;
  if (csvLine) lines.add(csvLine(CSV_COLUMNS));
  const wanted = { tls: true, forwarded: undefined, requests: false };
  const code = await studyPaths(io, paths, flags, crew, wanted, finding => {
    if (finding.kind !== 'tls' || !isBelow(finding.tls, flags.below)) return;
    count++;
    if (!flags.json && !flags.csv) summary.add(finding.tls);
    if (flags.json) lines.add(JSON.stringify(tlsJson(finding.tls)));
    if (csvLine) lines.add(csvLine(csvRow(finding.tls)));
  });
  lines.flush();
  if (code === 2) return code;
  if (!flags.json && !flags.csv) printSummary(io, summary, flags);
  return flags.below !== undefined && count > 0 ? 1 : code;
}

function isBelow(connection: TlsConnection, below: string | undefined): boolean {
  return below === undefined || compareVersions(effectiveVersion(connection), below) < 0;
}

function tlsJson(connection: TlsConnection): object {
  return { ...connection, firstSeen: formatInstant(connection.firstSeen) };
}

/** Names in a capture are foreign: nothing in them may become a formula in a spreadsheet. */
async function csvWriter(): Promise<(cells: readonly (string | number)[]) => string> {
  const { stringify } = await import('csv-stringify/sync');
  return cells => stringify([cells], { escape_formulas: true }).trimEnd();
}

function csvRow(connection: TlsConnection): (string | number)[] {
  const { client, server } = connection;
  return [
    connection.file,
    formatInstant(connection.firstSeen),
    client.address,
    client.port,
    server.address,
    server.port,
    'TCP',
    connection.offered ?? '',
    connection.negotiated ?? '',
    connection.serverName ?? '',
    connection.cipher ?? '',
    connection.evidence,
    connection.refused ?? '',
  ];
}

function printSummary(io: Io, summary: TlsSummary, flags: TlsFlags): void {
  const scope = flags.below === undefined ? '' : ` older than ${flags.below}`;
  print(io, `${summary.connections} TLS connections${scope}`);
  if (summary.connections === 0) return;
  const versions = [...summary.negotiated].toSorted(([a], [b]) => compareVersions(a, b));
  const rows = versions.map(([version, count]) => [version, String(count), share(count, summary.connections)]);
  if (summary.unanswered > 0) {
    rows.push(['(no answer seen)', String(summary.unanswered), share(summary.unanswered, summary.connections)]);
  }
  print(io, `\n${table(['VERSION', 'CONNECTIONS', 'SHARE'], rows)}`);
  const { pairs } = summary;
  const listed = pairs
    .slice(0, flags.top)
    .map(pair => [
      pair.negotiated ? pair.version : `${pair.version} offered`,
      pair.client,
      `${pair.server.address} ${pair.server.port}`,
      String(pair.connections),
      pair.serverName ?? '',
    ]);
  print(io, `\n${table(['VERSION', 'CLIENT', 'SERVER', 'CONNECTIONS', 'SERVER NAME'], listed)}`);
  const more = pairs.length - listed.length;
  if (more > 0) print(io, `… and ${more} more pairs of client and server (--top ${pairs.length} shows all)`);
  if (summary.unlisted > 0) print(io, `… and ${summary.unlisted} connections of more pairs than are kept`);
}

function share(count: number, total: number): string {
  return `${((count / total) * 100).toFixed(1)} %`;
}
