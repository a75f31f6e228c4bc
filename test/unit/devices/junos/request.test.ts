import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as request from '../../../../src/devices/junos/request.ts';
import { parseNode, parsePeer, parseTunnelIndex } from '../../../../src/devices/junos/values.ts';

const peer = parsePeer('4.0.0.2') ?? assert.fail();
const index = parseTunnelIndex('67111733') ?? assert.fail();
const node = parseNode('node1') ?? assert.fail();

test('the clear commands carry their argument as a child element, and say what the on-box script says', () => {
  assert.deepEqual(request.clearIke(peer, undefined), {
    kind: 'clear',
    words: 'clear security ike security-associations 4.0.0.2',
    rpc: '<clear-ike-security-association><peer-address>4.0.0.2</peer-address></clear-ike-security-association>',
  });
  assert.deepEqual(request.clearIpsec(index, undefined), {
    kind: 'clear',
    words: 'clear security ipsec security-associations index 67111733',
    rpc: '<clear-ipsec-security-association><index>67111733</index></clear-ipsec-security-association>',
  });
});

test('in a cluster a clear names the node that owns the tunnels', () => {
  const clear = request.clearIpsec(index, node);
  assert.equal(clear.words, 'clear security ipsec security-associations index 67111733 node 1');
  assert.match(clear.rpc, /<index>67111733<\/index><node>1<\/node>/);
});

test('a clear cannot be built from text, from a number, or from nothing', () => {
  // @ts-expect-error text is no peer until it was parsed
  request.clearIke('4.0.0.2', undefined);
  // @ts-expect-error an empty argument would clear every SA
  request.clearIke('', undefined);
  // @ts-expect-error nor can it be left out
  const withoutPeer = () => request.clearIke(undefined, undefined);
  // @ts-expect-error a number is no index until it was parsed
  request.clearIpsec(0, undefined);
  assert.equal(typeof withoutPeer, 'function');
});

test('the short questions are asked in the forms that devices are known to take', () => {
  assert.equal(
    request.showFlowCountOf(peer, 'ah').rpc,
    '<get-flow-session-information><source-prefix>4.0.0.2/32</source-prefix><protocol>ah</protocol><summary/></get-flow-session-information>',
  );
  assert.equal(
    request.showFlowCountOf(peer, 'ah').words,
    'show security flow session source-prefix 4.0.0.2/32 protocol ah summary',
  );
  assert.match(request.showFlowCountOf(parsePeer('2001:db8::1') ?? assert.fail(), 'ah').words, /2001:db8::1\/128/);
  assert.equal(request.showClusterStatus.rpc, '<get-chassis-cluster-status/>');
});

test('no text but one address is a peer, and none but 1 to 4294967295 an index', () => {
  for (const text of [
    '',
    ' ',
    '0.0.0.0',
    '::',
    '4.0.0.2/32',
    '4.0.0.2 ',
    '010.1.1.1',
    'all',
    '4.0.0.2;',
    '<x/>',
    'fe80::1%0',
  ]) {
    assert.equal(parsePeer(text), undefined, text);
  }
  for (const text of ['', '0', '-1', '4294967296', '1e3', '0x1', '1 ', 'all', '01']) {
    assert.equal(parseTunnelIndex(text), undefined, text);
  }
  assert.equal(parseTunnelIndex('4294967295'), 4_294_967_295);
  for (const text of ['', 'node', 'node2', 'node0 ', 'all', 'primary']) assert.equal(parseNode(text), undefined, text);
});

test('whatever text is parsed as a peer, the command holds no markup and no second word', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), text => {
      const found = parsePeer(text);
      if (found === undefined) return;
      assert.match(request.clearIke(found, undefined).words, /^clear security ike security-associations [0-9a-f.:]+$/);
    }),
  );
});
