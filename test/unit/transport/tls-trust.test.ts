import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { httpsAddress, memberNames } from '../../../src/transport/https-address.ts';
import { showFingerprint, tlsTrust } from '../../../src/transport/tls-trust.ts';

test('a fingerprint is taken with and without colons, in any case', () => {
  const colons = showFingerprint('ab'.repeat(32));
  assert.deepEqual(tlsTrust().parse({ fingerprint_sha256: colons }), { kind: 'pin', sha256: 'ab'.repeat(32) });
});

test('what is not a SHA-256 fingerprint is refused', () => {
  for (const text of ['', 'ab', 'SHA256:abc', 'g'.repeat(64), 'a'.repeat(63), 'a'.repeat(65)]) {
    assert.equal(tlsTrust().safeParse({ fingerprint_sha256: text }).success, false, text);
  }
});

test('without settings public authorities count, and a switch that is off changes nothing', () => {
  assert.deepEqual(tlsTrust().parse({}), { kind: 'public' });
  assert.deepEqual(tlsTrust().parse({ insecure_skip_verify: false }), { kind: 'public' });
  assert.deepEqual(tlsTrust().parse({ insecure_skip_verify: true }), { kind: 'none' });
});

test('two ways to judge a certificate at once are refused', () => {
  const found = tlsTrust().safeParse({ ca_file: 'ca.pem', insecure_skip_verify: true });
  assert.match(
    z.prettifyError(found.error as z.ZodError),
    /one of ca_file, fingerprint_sha256 and insecure_skip_verify/,
  );
});

test('an address is scheme, host and port, and nothing that could hold a secret', () => {
  for (const good of ['https://192.0.2.11', 'https://fw.example:8443/', 'https://[2001:db8::1]:443']) {
    assert.equal(httpsAddress().safeParse(good).success, true, good);
  }
  for (const bad of [
    'http://192.0.2.11',
    'https://u:p@192.0.2.11',
    'https://192.0.2.11/api',
    'https://fw/?key=x',
    'fw',
  ]) {
    assert.equal(httpsAddress().safeParse(bad).success, false, bad);
  }
});

test('members are named by host, and by port too where they share the host', () => {
  assert.deepEqual(memberNames(['https://192.0.2.11', 'https://192.0.2.12:8443']), ['192.0.2.11', '192.0.2.12']);
  assert.deepEqual(memberNames(['https://127.0.0.1:8443', 'https://127.0.0.1']), ['127.0.0.1:8443', '127.0.0.1:443']);
});
