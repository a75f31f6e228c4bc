import { spawnSync } from 'node:child_process';
import { TARGET } from './conversations.ts';
import type { CommandLine } from './measure.ts';

/** A program that others use for the same question. */
export interface Peer {
  readonly name: string;
  readonly program: string;
  /** Package of Debian; undefined where Debian has none. */
  readonly debian: string | undefined;
  readonly question: 'tls' | 'forwarded-for';
  /** Under 150 MB/s: measured on the small capture, and on no more than one round. */
  readonly slow: boolean;
  command(path: string): CommandLine;
}

const HELLO =
  'tcp[((tcp[12:1] & 0xf0) >> 2):1] = 0x16 and (tcp[((tcp[12:1] & 0xf0) >> 2)+5:1] = 1 or tcp[((tcp[12:1] & 0xf0) >> 2)+5:1] = 2)';
const TLS_FIELDS = [
  'ip.src',
  'tcp.srcport',
  'ip.dst',
  'tcp.dstport',
  'tls.handshake.version',
  'tls.handshake.extensions.supported_version',
];

const peers: readonly Peer[] = [
  {
    name: 'script, hello by hand (Python)', program: 'python3', debian: 'python3', question: 'tls', slow: false,
    command: path => ['python3', script('baseline-tls.py'), path],
  },
  {
    name: 'tshark, TLS fields', program: 'tshark', debian: 'tshark', question: 'tls', slow: true,
    command: path => ['tshark', '-n', '-r', path, '-Y', 'tls.handshake.type == 1 || tls.handshake.type == 2', '-T', 'fields', ...TLS_FIELDS.flatMap(field => ['-e', field])],
  },
  {
    name: 'tcpdump, filter for hellos', program: 'tcpdump', debian: 'tcpdump', question: 'tls', slow: false,
    command: path => ['tcpdump', '-n', '-r', path, '-w', '/dev/null', HELLO],
  },
  {
    name: 'suricata, eve tls', program: 'suricata', debian: 'suricata', question: 'tls', slow: false,
    command: path => ['suricata', '-r', path, '-l', '/tmp', '--runmode', 'single'],
  },
  {
    name: 'ndpiReader', program: 'ndpiReader', debian: 'libndpi-bin', question: 'tls', slow: false,
    command: path => ['ndpiReader', '-q', '-i', path],
  },
  {
    name: 'ssldump', program: 'ssldump', debian: 'ssldump', question: 'tls', slow: true,
    command: path => ['ssldump', '-n', '-r', path],
  },
  { name: 'zeek', program: 'zeek', debian: undefined, question: 'tls', slow: false, command: path => ['zeek', '-r', path] },
  { name: 'mercury', program: 'mercury', debian: undefined, question: 'tls', slow: false, command: path => ['mercury', '-r', path, '--select=tls'] },
  {
    name: 'script, line by line (Python)', program: 'python3', debian: 'python3', question: 'forwarded-for', slow: false,
    command: path => ['python3', script('baseline-forwarded-for.py'), path, TARGET],
  },
  {
    name: 'rg -a -c -F', program: 'rg', debian: 'ripgrep', question: 'forwarded-for', slow: false,
    // Maps the file into memory, which no program in JavaScript can; which of the two is faster depends on the machine.
    command: path => ['rg', '-a', '-c', '-F', `X-Forwarded-For: ${TARGET}`, path],
  },
  {
    name: 'rg -a -c -F --no-mmap', program: 'rg', debian: 'ripgrep', question: 'forwarded-for', slow: false,
    command: path => ['rg', '-a', '-c', '-F', '--no-mmap', `X-Forwarded-For: ${TARGET}`, path],
  },
  {
    name: 'grep -a -c -F', program: 'grep', debian: 'grep', question: 'forwarded-for', slow: false,
    // Behind a pipe: grep stops at the first match when it sees that it writes to /dev/null.
    command: path => ['sh', '-c', `LC_ALL=C grep -a -c -F 'X-Forwarded-For: ${TARGET}' '${path}' | cat`],
  },
  {
    name: 'ngrep', program: 'ngrep', debian: 'ngrep', question: 'forwarded-for', slow: false,
    command: path => ['ngrep', '-q', '-I', path, `X-Forwarded-For: ${TARGET}`],
  },
  {
    name: 'tshark, http.x_forwarded_for', program: 'tshark', debian: 'tshark', question: 'forwarded-for', slow: true,
    command: path => ['tshark', '-n', '-r', path, '-Y', `http.x_forwarded_for contains "${TARGET}"`],
  },
]; // prettier-ignore

/** Installs what Debian has and this user may install. Returns the peers that are there, and why the others are not. */
export function preparePeers(): { readonly there: readonly Peer[]; readonly missing: readonly string[] } {
  const absent = new Set(peers.filter(peer => !isThere(peer)).flatMap(peer => peer.debian ?? []));
  if (absent.size > 0 && process.getuid?.() === 0) {
    for (const name of absent)
      spawnSync('apt-get', ['install', '-y', '-qq', name], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
  }
  const there = peers.filter(isThere);
  const missing = peers.filter(peer => !there.includes(peer)).map(peer => `${peer.name}: ${whyMissing(peer)}`);
  return { there, missing };
}

function whyMissing(peer: Peer): string {
  return peer.debian === undefined ? 'no package in Debian' : `package ${peer.debian} cannot be installed here`;
}

function isThere(peer: Peer): boolean {
  return spawnSync('which', [peer.program]).status === 0;
}

function script(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
