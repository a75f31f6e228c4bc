import { TARGET } from './conversations.ts';
import type { Contender } from './compare.ts';
import type { Generated } from './generate.ts';
import { measure } from './measure.ts';

const MAIN = new URL('../../src/cli/main.js', import.meta.url).pathname;

export function tlsAudit(path: string, workers: number): Contender {
  const command = [process.execPath, MAIN, 'captures', 'tls', '--workers', String(workers), path] as const;
  return { name: `unclog captures tls, ${workers} thread${workers > 1 ? 's' : ''}`, command };
}

/** The same, line by line: it keeps no summary, only what connections need. */
export function tlsLines(path: string): Contender {
  return { ...tlsAudit(path, 1), command: [process.execPath, MAIN, 'captures', 'tls', '--json', path] };
}

export function forwardedFor(path: string, workers: number): Contender {
  const command = [
    process.execPath,
    MAIN,
    'captures',
    'forwarded-for',
    '--workers',
    String(workers),
    TARGET,
    path,
  ] as const;
  return { name: `unclog captures forwarded-for, ${workers} thread${workers > 1 ? 's' : ''}`, command };
}

/** Both questions in one pass; a bench of the room itself, because the command line asks one at a time. */
export function both(path: string): Contender {
  const script = new URL('both.js', import.meta.url).pathname;
  return { name: 'both in one pass, 1 thread', command: [process.execPath, script, path] };
}

/** Compares findings with what the generator wrote. Throws when they differ: speed without truth is worth nothing. */
export function checkTruth({ path, truth }: Generated): void {
  const { output } = measure([process.execPath, MAIN, 'captures', 'tls', '--json', path], true);
  const versions = new Map<string, number>();
  for (const line of output.split('\n').filter(text => text !== '')) {
    const { negotiated } = JSON.parse(line) as { negotiated: string };
    versions.set(negotiated, (versions.get(negotiated) ?? 0) + 1);
  }
  for (const [version, count] of truth.versions) mustEqual(`connections of ${version}`, versions.get(version), count);
  const forwarded = measure([...forwardedFor(path, 1).command, '--json'], true);
  const found = forwarded.output
    .split('\n')
    .filter(text => text !== '')
    .map(text => JSON.parse(text) as { requests: number });
  mustEqual('connections of the target', found.length, truth.targetConnections.size);
  mustEqual(
    'requests of the target',
    found.reduce((sum, { requests }) => sum + requests, 0),
    truth.targetRequests,
  );
}

function mustEqual(what: string, found: number | undefined, expected: number): void {
  if (found !== expected) throw new Error(`${what}: found ${found}, generated ${expected}`);
}
