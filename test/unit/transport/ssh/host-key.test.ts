import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { parseSshAddress } from '../../../../src/transport/ssh/address.ts';
import { fingerprintOf, hostKeyObjection } from '../../../../src/transport/ssh/host-key.ts';
import { lookUp } from '../../../../src/transport/ssh/known-hosts.ts';

/** A key blob of RFC 4253: length, type, and something that makes it differ. */
function keyBlob(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type + content)]);
}

const key = keyBlob('ssh-ed25519', 'one');
const other = keyBlob('ssh-ed25519', 'two');
const line = (names: string, blob = key) => `${names} ssh-ed25519 ${blob.toString('base64')} comment`;
const srx = { host: '192.0.2.20', port: 22 };
const elsewhere = { host: '192.0.2.20', port: 830 };

function hashed(name: string): string {
  const salt = Buffer.from('saltsaltsaltsaltsalt');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

for (const [what, file, place, expected] of [
  ['a plain name', line('192.0.2.20'), srx, 'known'],
  ['one of several names', line('srx,192.0.2.20'), srx, 'known'],
  ['a port of its own', line('[192.0.2.20]:830'), elsewhere, 'known'],
  ['another port', line('192.0.2.20'), elsewhere, 'unknown'],
  ['a wildcard', line('192.0.2.*'), srx, 'known'],
  ['a dot that is no wildcard', line('192.0x2.20'), srx, 'unknown'],
  ['a name that is taken out', line('192.0.2.*,!192.0.2.20'), srx, 'unknown'],
  ['a hashed name', line(hashed('192.0.2.20')), srx, 'known'],
  ['a hashed name with port', line(hashed('[192.0.2.20]:830')), elsewhere, 'known'],
  ['another key', line('192.0.2.20', other), srx, 'other'],
  ['another key, and then this one', `${line('192.0.2.20', other)}\n${line('192.0.2.20')}`, srx, 'known'],
  ['a revoked key', `${line('192.0.2.20')}\n@revoked ${line('*')}`, srx, 'revoked'],
  ['another key revoked', `${line('192.0.2.20')}\n@revoked ${line('*', other)}`, srx, 'known'],
  ['an authority', `@cert-authority ${line('*')}`, srx, 'unknown'],
  ['comments, blank and broken lines', `# ${line('*')}\n\n192.0.2.20\n|1|x|y ssh-ed25519 z\n`, srx, 'unknown'],
] as const) {
  test(`known_hosts with ${what}: ${expected}`, () => {
    assert.equal(lookUp(file, place, key), expected);
  });
}

test('a key is good when a pinned fingerprint or known_hosts names it', () => {
  const fingerprints = [fingerprintOf(other), `${fingerprintOf(key)}=`];
  assert.equal(hostKeyObjection(key, srx, { fingerprints }), undefined);
  assert.equal(hostKeyObjection(key, srx, { fingerprints: [], knownHosts: line('192.0.2.20') }), undefined);
});

test('an objection says what came, what was expected, and what to do', () => {
  const pinned = hostKeyObjection(key, srx, { fingerprints: [fingerprintOf(other)] });
  assert.match(
    pinned ?? '',
    /^its host key is ssh-ed25519 SHA256:\S+ and not SHA256:\S+; if the key was changed on purpose, .* set host_key_sha256; otherwise someone else answers in its place$/,
  );
  const changed = hostKeyObjection(key, srx, { fingerprints: [], knownHosts: line('192.0.2.20', other) });
  assert.match(changed ?? '', /the known_hosts file has another for it; .* replace the entry/);
  const unknown = hostKeyObjection(key, srx, { fingerprints: [], knownHosts: '' });
  assert.match(unknown ?? '', /is not in the known_hosts file; check it on the device and add it/);
  const revoked = hostKeyObjection(key, srx, {
    fingerprints: [fingerprintOf(key)],
    knownHosts: `@revoked ${line('*')}`,
  });
  assert.match(revoked ?? '', /marked @revoked/);
  assert.match(
    hostKeyObjection(Buffer.from([0, 0, 0, 9]), srx, { fingerprints: [], knownHosts: '' }) ?? '',
    /unknown type/,
  );
});

test('an address is a scheme, a host and a port, and nothing that would be ignored', () => {
  assert.deepEqual(parseSshAddress('ssh://192.0.2.20'), { scheme: 'ssh', host: '192.0.2.20', port: 22 });
  assert.deepEqual(parseSshAddress('netconf://srx.example/'), { scheme: 'netconf', host: 'srx.example', port: 830 });
  assert.deepEqual(parseSshAddress('ssh://[2001:db8::1]:2222'), { scheme: 'ssh', host: '2001:db8::1', port: 2222 });
  for (const text of [
    'https://192.0.2.20',
    'ssh://admin@192.0.2.20',
    'ssh://192.0.2.20/x',
    'ssh://',
    '192.0.2.20',
    'ssh://h?x',
    'ssh://h#x',
  ]) {
    assert.equal(parseSshAddress(text), undefined, text);
  }
});
