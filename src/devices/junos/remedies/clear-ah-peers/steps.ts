import { z } from 'zod';
import type { Action } from '../../../../core/action.ts';
import { Bug } from '../../../../core/errors.ts';
import { type Clear, clearIke, clearIpsec } from '../../request.ts';
import { type Node, parseNode, parsePeer, parseTunnelIndex, type Peer, type TunnelIndex } from '../../values.ts';

/** One clear command. Each is an action of its own, so that the ledger knows how far a run got. */
export type Step =
  | { readonly kind: 'ike'; readonly peer: Peer; readonly node: Node | undefined }
  | { readonly kind: 'ipsec'; readonly peer: Peer; readonly index: TunnelIndex; readonly node: Node | undefined };

/**
 * A step as an action. Its data holds nothing that moves by itself, such as SPIs, which every rekey changes: an
 * approval and a resumed run know an action by its data.
 */
export function actionOf(step: Step, evidence: readonly string[]): Action {
  const { kind, peer, node } = step;
  const place = node === undefined ? {} : { node };
  return {
    subject: kind === 'ike' ? `IKE SA with peer ${peer}` : `IPsec SA ${step.index} of peer ${peer}`,
    touches: [{ kind: 'peer', value: peer }],
    calls: [clearOf(step).words],
    evidence,
    data: kind === 'ike' ? { kind, peer, ...place } : { kind, peer, index: step.index, ...place },
  };
}

export function clearOf(step: Step): Clear {
  return step.kind === 'ike' ? clearIke(step.peer, step.node) : clearIpsec(step.index, step.node);
}

const StepData = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ike'), peer: z.string(), node: z.string().optional() }),
  z.strictObject({ kind: z.literal('ipsec'), peer: z.string(), index: z.int(), node: z.string().optional() }),
]);

/** The step of a stored action. Throws Bug when it is none. */
export function stepOf(action: Action): Step {
  const found = StepData.safeParse(action.data);
  const peer = parsePeer(found.data?.peer ?? '');
  const node = found.data?.node === undefined ? undefined : parseNode(found.data.node);
  if (!found.success || peer === undefined || (found.data.node !== undefined && node === undefined)) {
    throw new Bug(`${action.subject}: its data is none of junos/clear-ah-peers`);
  }
  if (found.data.kind === 'ike') return { kind: 'ike', peer, node };
  const index = parseTunnelIndex(String(found.data.index));
  if (index === undefined) throw new Bug(`${action.subject}: its index is no tunnel index`);
  return { kind: 'ipsec', peer, index, node };
}
