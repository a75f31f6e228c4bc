import { ReplySurprise } from './fault.ts';
import { child, countOf, descendants, type Element, textOf } from './tree.ts';

export const NODE_STATES = [
  'primary',
  'secondary',
  'secondary-hold',
  'lost',
  'disabled',
  'hold',
  'ineligible',
] as const;

/** One node's part in a redundancy group. */
export interface GroupNode {
  readonly node: string;
  /** As the device words it; one of NODE_STATES as far as is known. */
  readonly state: string;
  readonly priority: number | undefined;
}

/** Group 0 is the routing engines; groups from 1 up carry traffic. */
export interface RedundancyGroup {
  readonly id: number;
  readonly failovers: number | undefined;
  readonly nodes: readonly GroupNode[];
}

/**
 * Reads `show chassis cluster status`, 12.1X44 to 24.4: each group holds one flat list in which a device-name begins
 * the next node. Throws ReplySurprise when no group can be read.
 */
export function readCluster(root: Element): readonly RedundancyGroup[] {
  const groups = [...descendants(root, 'redundancy-group')].map(readGroup);
  if (groups.length === 0) throw new ReplySurprise('a cluster status without a redundancy group');
  return groups;
}

function readGroup(group: Element): RedundancyGroup {
  const id = countOf(group, 'redundancy-group-id');
  const stats = child(group, 'device-stats');
  if (id === undefined || !stats) throw new ReplySurprise('a redundancy group without number or nodes');
  const starts = stats.children.flatMap(({ name }, at) => (name === 'device-name' ? [at] : []));
  const nodes = starts.map((start, at) =>
    readNode({ ...stats, children: stats.children.slice(start, starts[at + 1]) }),
  );
  return { id, failovers: countOf(group, 'redundancy-group-failover-count'), nodes };
}

function readNode(part: Element): GroupNode {
  const node = textOf(part, 'device-name');
  const state = textOf(part, 'redundancy-group-status');
  if (node === undefined || state === undefined) throw new ReplySurprise('a node without name or state');
  return { node, state, priority: countOf(part, 'device-priority') };
}
