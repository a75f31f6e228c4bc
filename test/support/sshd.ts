import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { program } from '../../src/cli/programs/program.ts';
import { fingerprintOf } from '../../src/transport/ssh/host-key.ts';

/** A real OpenSSH server on loopback that runs one command, whatever is asked of it. */
export interface Sshd {
  readonly port: number;
  readonly username: string;
  readonly privateKey: string;
  readonly hostKeySha256: string;
  stop(): Promise<void>;
}

/** Why no sshd can be started here, or undefined. */
export function sshdMissing(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return /^sshd:/m.test(readFileSync('/etc/passwd', 'utf8'))
    ? undefined
    : 'sshd run by root needs a user "sshd": apt-get install openssh-server';
}

/** Starts sshd with `command` forced on every session and `environment` set for it. */
export async function startSshd(command: string, environment: Readonly<Record<string, string>>): Promise<Sshd> {
  const binary = await program('sshd');
  if (process.getuid?.() === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
  const folder = await mkdtemp(join(tmpdir(), 'unclog-sshd-'));
  const [host, user] = [newKey(), newKey()];
  const { username } = userInfo();
  const port = await freePort();
  const settings = Object.entries(environment).map(([name, value]) => `"${name}=${value}"`);
  await writeFile(join(folder, 'host_key'), host.pem, { mode: 0o600 });
  await writeFile(
    join(folder, 'authorized_keys'),
    `ecdsa-sha2-nistp256 ${user.parsed.getPublicSSH().toString('base64')}\n`,
  );
  await writeFile(
    join(folder, 'sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host_key')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PermitRootLogin prohibit-password',
      'Subsystem netconf netconf',
      `ForceCommand ${command}`,
      `SetEnv ${settings.join(' ')}`,
      '',
    ].join('\n'),
  );
  await chmod(folder, 0o755);
  const child = spawn(binary, ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await untilListening(child, port, () => said);
  return {
    ...{ port, username, privateKey: user.pem, hostKeySha256: fingerprintOf(host.parsed.getPublicSSH()) },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function newKey(): { pem: string; parsed: ParsedKey } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) throw parsed;
  return { pem, parsed };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(child: ChildProcess, port: number, said: () => string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (child.exitCode !== null) throw new Error(`sshd ended at once:\n${said()}`);
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        resolve(true);
        socket.destroy();
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    if (open) return;
    await delay(50);
  }
  child.kill();
  throw new Error(`sshd does not listen:\n${said()}`);
}
