import assert from 'node:assert/strict';
import { test } from 'node:test';
import { junosEntry } from '../../../../src/devices/junos/config.ts';

const entry = {
  name: 'srx-vpn',
  driver: 'junos',
  addresses: ['ssh://192.0.2.20:22'],
  credentials: { username: 'unclog', private_key_file: 'secrets/id_ed25519' },
  host_key_sha256: `SHA256:${'A'.repeat(43)}`,
};

test('an entry has the thresholds of the on-box script unless it says otherwise', () => {
  const { ah, legacy_algorithms: legacy } = junosEntry.parse(entry);
  assert.deepEqual(ah, { min_total_sessions: 10_000, min_peer_sessions: 1_000, top_peers: 3, listing: 'xml' });
  assert.equal(legacy, false);
});

for (const [what, change, message] of [
  ['a threshold at its lower bound', { ah: { min_total_sessions: 5_000 } }, /5001/],
  ['a peer threshold at its lower bound', { ah: { min_peer_sessions: 50 } }, /51/],
  ['no peer', { ah: { top_peers: 0 } }, />=1/],
  [
    'no host key',
    { host_key_sha256: undefined },
    /host_key_sha256 or known_hosts_file is needed: without it anyone in between could answer/,
  ],
  ['a fingerprint that is none', { host_key_sha256: 'MD5:aa:bb' }, /as ssh-keygen -lf prints it/],
  [
    'no way to log in',
    { credentials: { username: 'unclog' } },
    /one of private_key_file, password_file, password or agent is needed/,
  ],
  [
    'a password in the file',
    { credentials: { username: 'unclog', password: 'letmein' } },
    /found a secret in plain text/,
  ],
  ['two passwords', { credentials: { username: 'u', password_file: 'x', password: '${P}' } }, /exclude each other/],
  [
    'another scheme',
    { addresses: ['https://192.0.2.20'] },
    /ssh:\/\/host:port \(the CLI\) or netconf:\/\/host:port is expected/,
  ],
  [
    'two addresses',
    { addresses: ['ssh://192.0.2.20', 'ssh://192.0.2.21'] },
    /one address: in a cluster the one that follows the primary node/,
  ],
  ['a syslog address without a scheme', { syslog: '192.0.2.9:514' }, /udp:\/\/host:port is expected/],
  ['an unknown key', { ah: { min_totals: 1 } }, /min_totals/],
] as const) {
  test(`an entry with ${what} is refused`, () => {
    const found = junosEntry.safeParse({ ...entry, ...change });
    assert.equal(found.success, false);
    assert.match(found.error.message, message);
    assert.doesNotMatch(found.error.message, /letmein/);
  });
}
