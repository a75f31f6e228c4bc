import { parsePeer, type Peer } from '../values.ts';
import { descendants, type Element, textOf } from './tree.ts';

/** One IKE SA. */
export interface IkeSa {
  readonly peer: Peer;
  readonly up: boolean;
  /** Names the SA for its whole life. */
  readonly initiatorCookie: string;
}

/**
 * Reads `show security ike security-associations`, brief or detailed: there the peer stands in a block around the SA.
 * An entry that is no SA with a peer is left out.
 */
export function readIke(root: Element): readonly IkeSa[] {
  const blocks = [...descendants(root, 'ike-security-associations-block')];
  const inBlocks = blocks.flatMap(block =>
    [...descendants(block, 'ike-security-associations')].map(sa => readSa(sa, textOf(block, 'ike-sa-remote-address'))),
  );
  const alone = blocks.length > 0 ? [] : [...descendants(root, 'ike-security-associations')].map(sa => readSa(sa));
  return [...inBlocks, ...alone].filter(sa => sa !== undefined);
}

function readSa(sa: Element, blockAddress?: string): IkeSa | undefined {
  const peer = parsePeer(textOf(sa, 'ike-sa-remote-address') ?? blockAddress ?? '');
  const initiatorCookie = textOf(sa, 'ike-sa-initiator-cookie');
  if (peer === undefined || initiatorCookie === undefined) return undefined;
  return { peer, up: textOf(sa, 'ike-sa-state') === 'UP', initiatorCookie };
}
