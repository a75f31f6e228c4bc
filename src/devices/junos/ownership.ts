import type { RedundancyGroup } from './replies/cluster.ts';
import { type Node, parseNode } from './values.ts';

/** Where the tunnels of a device live. */
export interface Ownership {
  /**
   * `standalone`: one device. `owned`: a healthy cluster whose traffic groups are all primary on `node`. `unclear`:
   * anything else; counts may be read, and nothing may be changed.
   */
  readonly kind: 'standalone' | 'owned' | 'unclear';
  readonly node: Node | undefined;
  /** Nodes that must show up in a reply of the whole cluster. */
  readonly answering: readonly Node[];
  /** Why it is unclear. */
  readonly detail: string;
}

/** States of a node that takes part, now or at the next failover. */
const WELL = new Set(['primary', 'secondary']);
/** States of a node that gives no answers. */
const SILENT = new Set(['lost', 'disabled', 'ineligible']);

/** Judges a cluster status; undefined groups are a standalone device. */
export function ownership(groups: readonly RedundancyGroup[] | undefined): Ownership {
  if (!groups) return { kind: 'standalone', node: undefined, answering: [], detail: '' };
  const nodes = groups.flatMap(group => group.nodes);
  const silent = new Set(nodes.filter(({ state }) => SILENT.has(state)).map(({ node }) => node));
  const answering = [...new Set(nodes.map(({ node }) => node))].flatMap(name =>
    silent.has(name) ? [] : (parseNode(name) ?? []),
  );
  const unwell = nodes.find(({ state }) => !WELL.has(state));
  if (unwell) return unclear(answering, `${unwell.node} is ${unwell.state}`);
  // Group 0 is the routing engines; tunnels follow the groups that carry traffic.
  const owners = new Set(
    groups
      .filter(({ id }) => id > 0)
      .flatMap(group => group.nodes.filter(({ state }) => state === 'primary'))
      .map(({ node }) => node),
  );
  const [owner, ...others] = owners;
  const node = parseNode(owner ?? '');
  if (node === undefined) return unclear(answering, 'no group from 1 up has a primary node');
  if (others.length > 0) return unclear(answering, `groups are primary on ${[...owners].join(' and ')}`);
  return { kind: 'owned', node, answering, detail: '' };
}

function unclear(answering: readonly Node[], detail: string): Ownership {
  return { kind: 'unclear', node: undefined, answering, detail };
}
