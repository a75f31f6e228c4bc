import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataplaneName, sameDataplane, spelledLike } from '../../../../src/devices/panos/dataplane.ts';

test('every spelling of a dataplane becomes one name', () => {
  for (const [text, name] of Object.entries({
    dp0: 'dp0',
    s1dp0: 's1dp0',
    s3dp1: 's3dp1',
    'sw.comm.s1.dp0': 's1dp0',
    'SLOT:s1, DP:dp1': 's1dp1',
    '*.dp0': 'dp0',
    'DP s3dp0:': 's3dp0',
  })) {
    assert.equal(dataplaneName(text), name, text);
  }
});

test('what names no dataplane is none', () => {
  for (const text of ['', 'data-processors', 'xdp0', 'dp', 'dp0x', 's1', 'udp53']) {
    assert.equal(dataplaneName(text), undefined, text);
  }
});

test('a box with one slot may leave the slot out', () => {
  assert.equal(sameDataplane('dp0', 's1dp0'), true);
  assert.equal(sameDataplane('dp0', 's2dp0'), false);
  assert.equal(sameDataplane('s1dp0', 's1dp1'), false);
  assert.equal(sameDataplane('mgmt', 'mgmt'), false);
  assert.equal(spelledLike('s1dp0', ['dp0', 'dp1']), 'dp0');
  assert.equal(spelledLike('s2dp0', ['dp0']), 's2dp0');
});
