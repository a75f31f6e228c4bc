import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, type Contender } from './captures/compare.ts';
import { generateCapture, type Generated, type Recipe } from './captures/generate.ts';
import { both, checkTruth, forwardedFor, tlsAudit, tlsLines } from './captures/own.ts';
import { preparePeers } from './captures/peers.ts';
import { printRows, printTargets, type Row } from './captures/report.ts';
import { targetsOf } from './captures/targets.ts';

const ROUNDS = 5;

/**
 * How fast captures are read, as whole processes, beside `cat FILE >/dev/null` in the same rounds and beside what others
 * use. The captures are generated (2 GB and smaller ones) in the temporary folder, and removed. Exit code 1 when a figure
 * that must be reached was missed. `--quick`: a tenth of the size, without peers and verdict.
 */
export default async function run(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick');
  const scale = quick ? 0.1 : 1;
  const folder = mkdtempSync(join(tmpdir(), 'unclog-bench-'));
  const generate = (name: string, recipe: Recipe): Generated => {
    const capture = generateCapture(join(folder, `${name}.pcap`), { ...recipe, bytes: recipe.bytes * scale });
    console.log(
      `${name}: ${(capture.bytes / 1e6).toFixed(0)} MB, ${capture.packets} packets, ${connectionsOf(capture)} TLS connections`,
    );
    return capture;
  };
  try {
    const mixed = generate('mixed', { bytes: 2.12e9, kind: 'mixed' });
    checkTruth(mixed);
    const mixedRows = measureOn('Mixed capture, page cache warm', mixed, [
      ...[1, 2, 4].map(workers => tlsAudit(mixed.path, workers)),
      ...[1, 2, 4].map(workers => forwardedFor(mixed.path, workers)),
      both(mixed.path),
      ...(quick ? [] : fastPeers(mixed.path)),
    ]);
    const small = generate('small', { bytes: 1.5e8, kind: 'mixed' });
    const slowRows = quick ? [] : measureOn('The same, smaller, for what is slow', small, slowPeers(small.path), 1);
    const headersOnly = generate('headers-only', { bytes: 1.2e9, kind: 'mixed', snapLength: 128 });
    const headersRows = measureOn('128 bytes of each packet', headersOnly, [tlsAudit(headersOnly.path, 1)]);
    const dense = generate('dense', { bytes: 8e8, kind: 'dense' });
    const denseRows = measureOn('Hardly anything but handshakes', dense, [tlsAudit(dense.path, 1)]);
    const open = generate('open', { bytes: 3e8, kind: 'open' });
    const openRows = measureOn('Connections that stay open', open, [tlsLines(open.path)], 1);
    if (quick) return;
    const targets = targetsOf({
      mixed: byName([...slowRows, ...mixedRows]),
      headersOnly: byName(headersRows),
      dense: byName(denseRows),
      denseConnections: connectionsOf(dense),
      open: byName(openRows),
      openConnections: connectionsOf(open),
    });
    if (!printTargets(targets)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureOn(title: string, capture: Generated, contenders: readonly Contender[], rounds = ROUNDS): Row[] {
  const rows = compare(capture, contenders, rounds);
  printRows(title, rows);
  return rows;
}

function fastPeers(path: string): Contender[] {
  const { there, missing } = preparePeers();
  for (const reason of missing) console.log(`missing: ${reason}`);
  return there.filter(peer => !peer.slow).map(peer => ({ name: peer.name, command: peer.command(path) }));
}

function slowPeers(path: string): Contender[] {
  const slow = preparePeers().there.filter(peer => peer.slow);
  return slow.map(peer => ({ name: peer.name, command: peer.command(path) }));
}

function connectionsOf({ truth }: Generated): number {
  return [...truth.versions.values()].reduce((sum, count) => sum + count, 0);
}

function byName(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map(row => [row.name, row]));
}
