import type { Algorithms } from 'ssh2';

/**
 * What is offered to a device, best first. SHA-1 (ssh-rsa, hmac-sha1, group14-sha1 …) is on by default in ssh2 or in
 * old devices and is left out here; CBC likewise. `legacy` appends them: Junos 12.3 knows no other key exchange, and
 * early 15.1 no other host key signature than ssh-rsa.
 */
export function algorithms(legacy: boolean): Algorithms {
  if (!legacy) return MODERN;
  return {
    kex: [
      ...MODERN.kex,
      'diffie-hellman-group14-sha1',
      'diffie-hellman-group-exchange-sha1',
      'diffie-hellman-group1-sha1',
    ],
    serverHostKey: [...MODERN.serverHostKey, 'ssh-rsa'],
    cipher: [...MODERN.cipher, 'aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
    hmac: [...MODERN.hmac, 'hmac-sha1-etm@openssh.com', 'hmac-sha1'],
  };
}

const MODERN = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
    'chacha20-poly1305@openssh.com',
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
} satisfies Algorithms;
