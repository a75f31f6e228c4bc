import { hostPrefix, type Node, type Peer, type TunnelIndex } from './values.ts';

/** One operational command in both its forms; which one is sent depends on the transport. */
export interface Show {
  readonly kind: 'show';
  /** The command as it is typed. */
  readonly words: string;
  /** The same as the content of a NETCONF rpc. */
  readonly rpc: string;
}

/** A command that changes the device. It can be made by `clearIke` and `clearIpsec` only. */
export interface Clear {
  readonly kind: 'clear';
  readonly words: string;
  readonly rpc: string;
}

type Argument = readonly [name: string, value?: string | number];

/** Unfiltered: per node, and per SPU where there are several. */
export const showFlowSummary = show('show security flow session summary', 'get-flow-session-information', ['summary']);

export const showClusterStatus = show('show chassis cluster status', 'get-chassis-cluster-status');

export const showIke = show('show security ike security-associations', 'get-ike-security-associations-information');

export const showInactiveTunnels = show('show security ipsec inactive-tunnels', 'get-inactive-tunnels');

/** Every session of one protocol: long. */
export function showFlowSessions(protocol: 'ah' | 'esp'): Show {
  return show(`show security flow session protocol ${protocol}`, 'get-flow-session-information', [
    'protocol',
    protocol,
  ]);
}

/** The same list as text, a thirteenth of the size. */
export function showFlowSessionsAsText(protocol: 'ah' | 'esp'): Show {
  const words = `show security flow session protocol ${protocol}`;
  return { kind: 'show', words, rpc: `<command format="text">${words}</command>` };
}

/** Only the number of sessions of a protocol. */
export function showFlowCount(protocol: 'ah' | 'esp'): Show {
  const words = `show security flow session protocol ${protocol} summary`;
  return show(words, 'get-flow-session-information', ['protocol', protocol], ['summary']);
}

/** The number of sessions of a protocol that come from one peer. */
export function showFlowCountOf(peer: Peer, protocol: 'ah' | 'esp'): Show {
  return show(
    `show security flow session source-prefix ${hostPrefix(peer)} protocol ${protocol} summary`,
    'get-flow-session-information',
    ['source-prefix', hostPrefix(peer)],
    ['protocol', protocol],
    ['summary'],
  );
}

/** IPsec SAs of one address family: the command shows IPv4 alone unless it is told. */
export function showIpsec(family: 'inet' | 'inet6'): Show {
  return show(`show security ipsec security-associations family ${family}`, 'get-security-associations-information', [
    'family',
    family,
  ]);
}

/** The SAs of one tunnel. */
export function showIpsecIndex(index: TunnelIndex): Show {
  return show(`show security ipsec security-associations index ${index}`, 'get-security-associations-information', [
    'show-index-ipsec-security-association',
    index,
  ]);
}

/**
 * Ends the IKE SAs with one peer. Arguments are child elements: as attributes they are not part of the schema, and the
 * RPC without an argument clears every SA (facts: junos, 1.1).
 */
export function clearIke(peer: Peer, node: Node | undefined): Clear {
  return clear(
    `clear security ike security-associations ${peer}`,
    'clear-ike-security-association',
    ['peer-address', peer],
    node,
  );
}

/** Ends the SAs of one tunnel, in both directions. */
export function clearIpsec(index: TunnelIndex, node: Node | undefined): Clear {
  return clear(
    `clear security ipsec security-associations index ${index}`,
    'clear-ipsec-security-association',
    ['index', index],
    node,
  );
}

function show(words: string, rpc: string, ...args: readonly Argument[]): Show {
  return { kind: 'show', words, rpc: operation(rpc, args) };
}

function clear(
  words: string,
  rpc: string,
  argument: readonly [string, string | number],
  node: Node | undefined,
): Clear {
  if (node === undefined) return { kind: 'clear', words, rpc: operation(rpc, [argument]) };
  // In a cluster the command goes to the node that owns the tunnels; the number alone names it.
  const number = node.slice('node'.length);
  return { kind: 'clear', words: `${words} node ${number}`, rpc: operation(rpc, [argument, ['node', number]]) };
}

/** Child elements only. Values are typed addresses, numbers and constants: nothing here needs escaping. */
function operation(name: string, args: readonly Argument[]): string {
  const children = args.map(([child, value]) =>
    value === undefined ? `<${child}/>` : `<${child}>${value}</${child}>`,
  );
  return children.length === 0 ? `<${name}/>` : `<${name}>${children.join('')}</${name}>`;
}
