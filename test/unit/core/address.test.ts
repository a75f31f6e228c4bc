import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NetworkSet, parseAddress, parseNetwork } from '../../../src/core/address.ts';

test('an address has one canonical text', () => {
  const cases = {
    '192.0.2.7': '192.0.2.7',
    '2001:DB8:0:0::1': '2001:db8::1',
    '::ffff:192.0.2.7': '192.0.2.7',
    '::FFFF:c000:207': '192.0.2.7',
    '::': '::',
  };
  for (const [text, canonical] of Object.entries(cases)) assert.equal(parseAddress(text), canonical, text);
});

test('what is not exactly one address is refused', () => {
  const texts = [
    '',
    '010.1.1.1',
    '10.1.1',
    '1.2.3.4.5',
    '256.1.1.1',
    ' 192.0.2.7',
    '192.0.2.7 ',
    '192.0.2.7/32',
    '0x7f.1',
  ];
  for (const text of [
    ...texts,
    '3221226247',
    'fe80::1%eth0',
    '[::1]',
    'localhost',
    '192.0.2.7\n',
    '1.2.3.4\0',
    ':::',
  ]) {
    assert.equal(parseAddress(text), undefined, JSON.stringify(text));
  }
});

test('any IPv4 address is its own canonical text', () => {
  fc.assert(fc.property(fc.ipV4(), text => assert.equal(parseAddress(text), text)));
});

test('the canonical text of any IPv6 address is canonical and names the same address', () => {
  fc.assert(
    fc.property(fc.ipV6(), text => {
      const canonical = parseAddress(text);
      assert.ok(canonical !== undefined);
      assert.equal(parseAddress(canonical), canonical);
      assert.equal(new NetworkSet([text]).has(canonical), true);
    }),
  );
});

test('no text at all makes reading throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      parseAddress(text);
      parseNetwork(text);
    }),
  );
});

test('a network is an address with the length of its prefix', () => {
  assert.deepEqual(parseNetwork('10.0.0.0/24'), { address: '10.0.0.0', prefix: 24 });
  assert.deepEqual(parseNetwork('192.0.2.1'), { address: '192.0.2.1', prefix: 32 });
  assert.deepEqual(parseNetwork('2001:db8::/32'), { address: '2001:db8::', prefix: 32 });
  assert.deepEqual(parseNetwork('0.0.0.0/0'), { address: '0.0.0.0', prefix: 0 });
});

test('a network of IPv4 addresses written in IPv6 is the IPv4 network', () => {
  assert.deepEqual(parseNetwork('::ffff:10.0.0.0/104'), { address: '10.0.0.0', prefix: 8 });
  assert.equal(parseNetwork('::ffff:10.0.0.0/24'), undefined);
});

test('what is no network is refused', () => {
  for (const text of [
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0/16',
    '/8',
    '::/129',
    '1.2.3.4/ 8',
  ]) {
    assert.equal(parseNetwork(text), undefined, text);
  }
});

test('a set holds exactly the addresses of its networks', () => {
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (network, address, prefix) => {
      const size = 2 ** (32 - prefix);
      const inside = Math.floor(number(network) / size) === Math.floor(number(address) / size);
      assert.equal(new NetworkSet([`${network}/${prefix}`]).has(address), inside);
    }),
  );
});

test('an address is found in whichever family it is written', () => {
  const set = new NetworkSet(['10.0.0.0/8', '2001:db8::/32']);
  for (const inside of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::5']) assert.equal(set.has(inside), true, inside);
  for (const outside of ['11.1.2.3', '2001:db9::5', '::ffff:11.1.2.3']) assert.equal(set.has(outside), false, outside);
});

test('a set cannot be made of what is no network', () => {
  assert.throws(() => new NetworkSet(['10.0.0.0/33']), /not an address or network: 10\.0\.0\.0\/33/);
});
