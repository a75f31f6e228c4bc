import { parsePeer, type Peer } from '../values.ts';
import { type Element, descendants, textOf } from './tree.ts';

/** One IKE SA. */
export interface IkeSa {
  readonly peer: Peer;
  readonly up: boolean;
  /** Names the SA for its whole life. */
  readonly initiatorCookie: string;
}

/** Reads `show security ike security-associations`. An entry that is no SA with a peer is left out. */
export function readIke(root: Element): readonly IkeSa[] {
  const found: IkeSa[] = [];
  for (const sa of descendants(root, 'ike-security-associations')) {
    const peer = parsePeer(textOf(sa, 'ike-sa-remote-address') ?? '');
    const initiatorCookie = textOf(sa, 'ike-sa-initiator-cookie');
    if (peer === undefined || initiatorCookie === undefined) continue;
    found.push({ peer, up: textOf(sa, 'ike-sa-state') === 'UP', initiatorCookie });
  }
  return found;
}
