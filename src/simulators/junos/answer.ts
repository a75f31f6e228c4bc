import type { Command } from './command.ts';
import { clusterStatus } from './replies/cluster.ts';
import { filteredSummary, share, SPUS, summary } from './replies/flow-summary.ts';
import { sessionList, sessionsOf, sessionText } from './replies/flow-sessions.ts';
import { ikeTable, inactiveTunnels, ipsecDetail, ipsecTable } from './replies/security-associations.ts';
import type { Peer, Srx } from './srx.ts';
import { type Element, element, type Layout } from './xml.ts';

/** What a command answers, and what it did. */
export interface Answer {
  readonly elements: readonly Element[];
  /** Instead of elements, where text was asked for. */
  readonly text?: Iterable<string>;
  /** Whether something was changed. */
  readonly applied: boolean;
}

/** Carries a command out and answers it. */
export function answer(srx: Srx, command: Command, layout: Layout, mayClear: boolean): Answer {
  switch (command.name) {
    case 'get-flow-session-information':
      return flow(srx, command, layout);
    case 'get-security-associations-information':
      return said(...security(srx, command));
    case 'get-ike-security-associations-information':
      return said(...onOwner(srx, ikeTable(srx)));
    case 'get-inactive-tunnels':
      return said(...onOwner(srx, inactiveTunnels(srx)));
    case 'get-chassis-cluster-status':
      return said(clusterStatus(srx));
    default:
      return mayClear ? clear(srx, command) : said(permissionDenied(command.name));
  }
}

export function permissionDenied(name: string): Element {
  return element('rpc-error', [
    element('error-severity', 'error'),
    element('error-info', [element('bad-element', name)]),
    element('error-message', 'permission denied'),
  ]);
}

export function syntaxError(name: string): Element {
  return element('rpc-error', [
    element('error-type', 'protocol'),
    element('error-severity', 'error'),
    element('error-message', 'syntax error'),
    element('error-info', [element('bad-element', name)]),
  ]);
}

function flow(srx: Srx, command: Command, layout: Layout): Answer {
  const { args } = command;
  const protocol = args.get('protocol');
  const source = args.get('source-prefix')?.replace(/\/(?:32|128)$/, '');
  const peers =
    protocol !== undefined && protocol !== 'ah'
      ? []
      : srx.peers.filter(peer => source === undefined || peer.address === source);
  const sessions = peers.reduce((sum, peer) => sum + srx.sessionsOf(peer), 0);
  if (args.has('summary')) {
    const filtered = protocol !== undefined || source !== undefined;
    const counts = () => (filtered ? filteredSummary(srx, sessions) : summary(srx, sessions));
    return said(...onBothNodes(srx, counts));
  }
  if (command.text) return { elements: [], text: textList(srx, peers, sessions), applied: false };
  return said(...lists(srx, peers, sessions, layout));
}

function lists(srx: Srx, peers: readonly Peer[], count: number, layout: Layout): readonly Element[] {
  if (srx.form === 'cluster') {
    return onBothNodes(srx, node => [sessionList(sessionsOf(srx, peers, node !== srx.owner), count, srx, layout)]);
  }
  if (srx.form !== 'multi-spu') return [sessionList(sessionsOf(srx, peers), count, srx, layout)];
  const all = sessionsOf(srx, peers);
  return SPUS.map((spu, at) => sessionList(take(all, share(count, at)), share(count, at), srx, layout, spu.place));
}

/** The next so many; the rest stays for the next SPU. */
function* take<T>(items: Iterator<T>, count: number): Generator<T> {
  for (let taken = 0; taken < count; taken += 1) {
    const next = items.next();
    if (next.done === true) return;
    yield next.value;
  }
}

function* textList(srx: Srx, peers: readonly Peer[], count: number): Generator<string> {
  for (const node of srx.form === 'cluster' ? [0, 1] : [0]) {
    if (srx.form === 'cluster') yield `node${node}:\n${'-'.repeat(74)}\n\n`;
    yield* sessionText(sessionsOf(srx, peers, srx.form === 'cluster' && node !== srx.owner), srx);
    yield `Total sessions: ${count}\n`;
  }
}

function security(srx: Srx, { args }: Command): readonly Element[] {
  const index = args.get('show-index-ipsec-security-association');
  if (index !== undefined) {
    const tunnel = srx.tunnel(Number(index));
    return onOwner(srx, tunnel ? ipsecDetail(srx, tunnel) : ipsecTable(srx, []));
  }
  const tunnels = args.get('family') === 'inet6' ? [] : srx.peers.flatMap(peer => peer.tunnels);
  return onOwner(srx, ipsecTable(srx, tunnels));
}

/** Without its argument a clear ends every SA of the box, as the manual says. */
function clear(srx: Srx, { name, args }: Command): Answer {
  if (name === 'clear-ike-security-association') {
    const peer = args.get('peer-address');
    for (const found of peer === undefined ? srx.peers : [srx.peer(peer)]) if (found) srx.clearIke(found);
  } else {
    const index = args.get('index');
    const all = srx.peers.flatMap(found => found.tunnels);
    for (const found of index === undefined ? all : [srx.tunnel(Number(index))]) if (found) srx.clearIpsec(found);
  }
  return { elements: [], applied: true };
}

function said(...elements: readonly Element[]): Answer {
  return { elements, applied: false };
}

/** SAs live on the node that owns the group: only its item comes. */
function onOwner(srx: Srx, reply: Element): readonly Element[] {
  if (srx.form !== 'cluster') return [reply];
  return [element('multi-routing-engine-results', [item(srx.owner, [reply])])];
}

function onBothNodes(srx: Srx, reply: (node: 0 | 1) => readonly Element[]): readonly Element[] {
  if (srx.form !== 'cluster') return reply(0);
  const second = srx.secondary === 'lost' ? [] : [item(1, reply(1))];
  return [element('multi-routing-engine-results', [item(0, reply(0)), ...second])];
}

function item(node: 0 | 1, content: readonly Element[]): Element {
  return element('multi-routing-engine-item', [element('re-name', `node${node}`), ...content]);
}
