import { Command, InvalidArgumentError } from 'commander';
import { crewFor } from '../captures/parallel/crew.ts';
import { parseVersion, versionName } from '../captures/tls/versions.ts';
import { parseNetwork } from '../core/address.ts';
import type { ForwardedForFlags } from './captures/forwarded-for.ts';
import { studyFlags } from './captures/study-flags.ts';
import type { TlsFlags } from './captures/tls.ts';
import type { Io } from './io.ts';

const PATHS = 'captures, folders of captures, or - for standard input (pcap or pcapng; gzip and zstd are unpacked)';

/** `unclog captures`: what packet captures show. Each of its verbs loads what it needs when it is called. */
export function capturesCommand(io: Io): Command {
  const captures = new Command('captures').description(
    'what packet captures show: TLS versions, clients behind proxies',
  );
  studyFlags(captures.command('tls'))
    .description('who speaks which TLS version to whom')
    .argument('<path...>', PATHS)
    .option('--below <version>', 'only connections older than this (1.2); exit code 1 when there are any', parseBelow)
    .option('--json', 'one JSON object a line for each connection')
    .option('--csv', 'one line for each connection')
    .option('--top <n>', 'pairs of client and server to list', parseCount, 20)
    .action(async (paths: readonly string[], flags: TlsFlags) => {
      await using crew = crewFor(paths, flags.workers);
      const { auditTls } = await import('./captures/tls.ts');
      io.exit(await auditTls(io, paths, flags, crew));
    });
  studyFlags(captures.command('forwarded-for'))
    .description('which connections behind a proxy carry a client')
    .argument('<client>', 'its address, or a network', parseClient)
    .argument('<path...>', PATHS)
    .option(
      '--trusted <n>',
      'proxies of ours at the end of the chain: believe only what the first of them wrote',
      parseCount,
    )
    .option('--requests', 'list each request, with its time')
    .option('--extract <file>', 'write these connections to a new pcapng file')
    .option('--json', 'one JSON object a line')
    .action(async (client: string, paths: readonly string[], flags: ForwardedForFlags) => {
      await using crew = crewFor(paths, flags.workers);
      const { findForwarded } = await import('./captures/forwarded-for.ts');
      io.exit(await findForwarded(io, client, paths, flags, crew));
    });
  return captures;
}

function parseBelow(text: string): string {
  const version = parseVersion(text);
  if (version === undefined) throw new InvalidArgumentError('a version as 1.2, TLSv1.2 or SSLv3 is expected');
  return versionName(version);
}

function parseClient(text: string): string {
  if (!parseNetwork(text)) throw new InvalidArgumentError('an address or a network is expected');
  return text;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number above 0 is expected');
  return Number(text);
}
