import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Finding, ForwardedConnection, ForwardedRequest } from '../../src/captures/findings.ts';
import type { Wanted } from '../../src/captures/flows/book.ts';
import { findInputs, type CaptureInput } from '../../src/captures/reading/inputs.ts';
import { openStream } from '../../src/captures/reading/open.ts';
import { studyCaptures, type Study } from '../../src/captures/study.ts';
import type { TlsConnection } from '../../src/captures/tls/handshake.ts';
import { parseCsv } from './csv.ts';
import { sharedDir } from './shared.ts';

/** Everything that can be looked for. */
export const EVERYTHING: Wanted = { tls: true, forwarded: { clients: undefined, trusted: undefined }, requests: true };

export interface Found {
  readonly study: Study;
  readonly findings: readonly Finding[];
  readonly tls: readonly TlsConnection[];
  readonly forwarded: readonly ForwardedConnection[];
  readonly requests: readonly ForwardedRequest[];
}

/** Studies files on disk. */
export async function studyPaths(paths: readonly string[], wanted = EVERYTHING, workers = 1): Promise<Found> {
  return studyInputs(findInputs(paths, Readable.from([])).inputs, wanted, workers);
}

/** Studies a capture that stands in memory. */
export async function studyBytes(bytes: Buffer, wanted = EVERYTHING): Promise<Found> {
  const input: CaptureInput = {
    name: 'memory',
    storedBytes: undefined,
    open: () => openStream(Readable.from([bytes], { objectMode: false })),
  };
  return studyInputs([input], wanted, 1);
}

async function studyInputs(inputs: readonly CaptureInput[], wanted: Wanted, workers: number): Promise<Found> {
  const findings: Finding[] = [];
  const study = await studyCaptures(inputs, { wanted, workers }, finding => findings.push(finding));
  return {
    study,
    findings,
    tls: findings.flatMap(finding => (finding.kind === 'tls' ? [finding.tls] : [])),
    forwarded: findings.flatMap(finding => (finding.kind === 'forwarded' ? [finding.forwarded] : [])),
    requests: findings.flatMap(finding => (finding.kind === 'request' ? [finding.request] : [])),
  };
}

/** The corpus of captures with expected answers, or undefined where it is missing. */
export function captureCorpus(): string | undefined {
  const shared = sharedDir();
  return shared === undefined ? undefined : join(shared, 'captures');
}

/** One of the corpus's tables. */
export function corpusTable(corpus: string, name: string): Record<string, string>[] {
  return parseCsv(readFileSync(join(corpus, name), 'utf8'));
}
