import { Client } from 'ssh2';
import { DeviceRefused, DeviceUnreachable, messageOf } from '../../core/errors.ts';
import type { SshAddress } from './address.ts';
import { algorithms } from './algorithms.ts';
import type { SshEntry } from './config.ts';
import { hostKeyObjection, type HostKeyTrust } from './host-key.ts';
import { agentSocket, authHandler, describeWays } from './login.ts';

/** From the first packet to a finished login. */
const READY_MS = 8_000;
const KEEPALIVE_MS = 10_000;
const KEEPALIVES_MISSED = 3;

/** A device as the transport sees it. */
export interface SshDevice {
  readonly name: string;
  readonly address: SshAddress;
  readonly entry: SshEntry;
}

/**
 * Opens one connection and logs in. Throws DeviceRefused `trust` for a wrong host key and `credentials` for a refused
 * login, DeviceUnreachable for the rest. The host key is checked before anything secret is sent.
 */
export async function connect(device: SshDevice): Promise<Client> {
  agentSocket(device.entry.credentials, device.name);
  const client = new Client();
  let objection: string | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve);
      client.once('error', reject);
      client.once('close', () => {
        reject(new Error('the connection was closed before the login was finished'));
      });
      client.connect({
        host: device.address.host,
        port: device.address.port,
        username: device.entry.credentials.username,
        authHandler: authHandler(device.entry.credentials),
        algorithms: algorithms(device.entry.legacy_algorithms),
        readyTimeout: READY_MS,
        keepaliveInterval: KEEPALIVE_MS,
        keepaliveCountMax: KEEPALIVES_MISSED,
        hostVerifier: (key: Buffer) => {
          objection = hostKeyObjection(key, device.address, trustOf(device.entry));
          return objection === undefined;
        },
      });
      // Nagle's algorithm costs about 90 ms for every small command.
      client.setNoDelay(true);
    });
  } catch (error) {
    client.on('error', () => {});
    client.destroy();
    throw translated(device, error, objection);
  }
  return client;
}

function trustOf(entry: SshEntry): HostKeyTrust {
  const fingerprints = [entry.host_key_sha256 ?? []].flat();
  const file = entry.known_hosts_file?.secret.reveal();
  return file === undefined ? { fingerprints } : { fingerprints, knownHosts: file };
}

function translated(device: SshDevice, error: unknown, objection: string | undefined): Error {
  const { address, entry, name } = device;
  const tried = `connect to ${address.host} port ${address.port} as ${entry.credentials.username}`;
  if (objection !== undefined) return new DeviceRefused({ device: name, tried, found: objection, why: 'trust' });
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  const message = messageOf(error);
  if (level === 'client-authentication' || level === 'agent' || /privateKey|passphrase/i.test(message)) {
    const found = `the login was not accepted (${describeWays(entry.credentials)}): ${message}; check username and credentials`;
    return new DeviceRefused({ device: name, tried, found, why: 'credentials', cause: error });
  }
  const hint = /no matching/i.test(message)
    ? '; if the device knows only old algorithms, set legacy_algorithms: true for it'
    : '';
  return new DeviceUnreachable({ device: name, tried, found: message + hint, cause: error });
}
