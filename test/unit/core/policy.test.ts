import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NeverList } from '../../../src/core/policy.ts';

const list = new NeverList(['192.0.2.1', '10.0.0.0/24', '2001:db8::/64', 'corp\\svc-backup', ' Zoë ']);

test('addresses and peers are found by network', () => {
  for (const value of ['192.0.2.1', '10.0.0.255', '2001:db8::1']) {
    assert.equal(list.has({ kind: 'address', value }), true, value);
    assert.equal(list.has({ kind: 'peer', value }), true, value);
  }
  for (const value of ['192.0.2.2', '10.0.1.0', '2001:db8:0:1::']) {
    assert.equal(list.has({ kind: 'address', value }), false, value);
  }
});

test('users and groups are found by name, whatever their case and however their accents are composed', () => {
  for (const value of ['corp\\svc-backup', 'CORP\\Svc-Backup', 'zoë', 'ZOE\u0308', '\uff3aoë']) {
    assert.equal(list.has({ kind: 'user', value }), true, value);
    assert.equal(list.has({ kind: 'group', value }), true, value);
  }
  assert.equal(list.has({ kind: 'user', value: 'corp\\svc-backup2' }), false);
});

test('a name is no address and an address no name', () => {
  assert.equal(list.has({ kind: 'user', value: '10.0.0.7' }), false);
  assert.equal(list.has({ kind: 'device' }), false);
});
