import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownership } from '../../../../src/devices/junos/ownership.ts';
import type { RedundancyGroup } from '../../../../src/devices/junos/replies/cluster.ts';

function group(id: number, node0: string, node1: string): RedundancyGroup {
  const nodes = [node0, node1].map((state, at) => ({ node: `node${at}`, state, priority: 100 }));
  return { id, failovers: 0, nodes };
}

test('a standalone device owns its tunnels', () => {
  assert.equal(ownership(undefined).kind, 'standalone');
});

test('the owner is the primary node of the groups that carry traffic, not of group 0', () => {
  const owned = ownership([group(0, 'primary', 'secondary'), group(1, 'secondary', 'primary')]);
  assert.deepEqual([owned.kind, owned.node, owned.answering], ['owned', 'node1', ['node0', 'node1']]);
});

for (const [what, groups, answering] of [
  ['a lost node', [group(0, 'primary', 'lost'), group(1, 'primary', 'lost')], ['node0']],
  ['a disabled node', [group(1, 'primary', 'disabled')], ['node0']],
  ['a node in hold', [group(1, 'primary', 'secondary-hold')], ['node0', 'node1']],
  ['two owners', [group(1, 'primary', 'secondary'), group(2, 'secondary', 'primary')], ['node0', 'node1']],
  ['no traffic group', [group(0, 'primary', 'secondary')], ['node0', 'node1']],
  ['an unknown word', [group(1, 'primary', 'dancing')], ['node0', 'node1']],
] as const) {
  test(`with ${what} it is unclear who owns the tunnels`, () => {
    const found = ownership(groups);
    assert.deepEqual([found.kind, found.node, found.answering], ['unclear', undefined, answering]);
    assert.notEqual(found.detail, '');
  });
}
