import { createHash } from 'node:crypto';
import { lookUp } from './known-hosts.ts';

/** What a device's host key must be. At least one of the two is set. */
export interface HostKeyTrust {
  /** As `SHA256:` and unpadded base64. */
  readonly fingerprints: readonly string[];
  /** Content of an OpenSSH known_hosts file. */
  readonly knownHosts?: string;
}

/**
 * Why a host key is not accepted and what to do about it, or undefined when it is. `key` is the key blob of RFC 4253
 * section 6.6. A key is accepted when a pinned fingerprint or an entry of known_hosts names it; `@revoked` wins.
 */
export function hostKeyObjection(
  key: Buffer,
  place: { readonly host: string; readonly port: number },
  trust: HostKeyTrust,
): string | undefined {
  const shown = `${keyType(key)} ${fingerprintOf(key)}`;
  const entry = trust.knownHosts === undefined ? 'unknown' : lookUp(trust.knownHosts, place, key);
  if (entry === 'revoked') return `its host key ${shown} is marked @revoked in the known_hosts file`;
  if (entry === 'known' || trust.fingerprints.some(pinned => pinned.replace(/=$/, '') === fingerprintOf(key))) {
    return undefined;
  }
  const unless = 'if the key was changed on purpose, check it on the device (ssh-keygen -lf) and';
  if (trust.fingerprints.length > 0) {
    const expected = trust.fingerprints.join(' or ');
    return `its host key is ${shown} and not ${expected}; ${unless} set host_key_sha256; otherwise someone else answers in its place`;
  }
  return entry === 'other'
    ? `its host key is ${shown}, and the known_hosts file has another for it; ${unless} replace the entry; otherwise someone else answers in its place`
    : `its host key ${shown} is not in the known_hosts file; check it on the device and add it, or set host_key_sha256`;
}

export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const type = length <= 64 ? key.toString('latin1', 4, 4 + length) : '';
  return /^[\w@.-]+$/.test(type) ? type : 'unknown type';
}
