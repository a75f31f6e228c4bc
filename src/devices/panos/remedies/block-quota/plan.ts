import type { BlockPlan, NotNeeded } from '../../../../core/action.ts';
import { Refusal } from '../../../../core/errors.ts';
import type { BlockRequest } from '../../../contract.ts';
import { memberForTags, membersForSessions } from '../../acting-member.ts';
import { readHa } from '../../ha-reading.ts';
import type { PanosSession } from '../../session.ts';
import { readBlockData } from './action.ts';
import type { BlockOptions } from './options.ts';
import { findOffence, type Offence } from './over-limit.ts';
import { planRule } from './rule/plan.ts';
import { planTags } from './tag/plan.ts';

/** What both ways of blocking plan with. */
export interface Proposal {
  readonly offence: Offence;
  readonly holdMs: number;
  readonly request: BlockRequest<BlockOptions>;
}

/** Reads usage again and decides whom to block, how, and for how long. */
export async function planBlock(
  session: PanosSession,
  request: BlockRequest<BlockOptions>,
  signal: AbortSignal,
): Promise<BlockPlan | NotNeeded> {
  const reading = await readHa(session, signal);
  membersForSessions(reading);
  const acting = memberForTags(reading);
  const offence = await findOffence(session, acting, request.target, signal);
  if ('kind' in offence) return offence;
  refuseSameBucket(offence, request);
  const proposal = { offence, holdMs: holdFor(session, request), request };
  const byRule = offence.target.kind === 'group' && request.options.group_method === 'security-rule';
  if (byRule) return planRule(session, acting, proposal, signal);
  const others = reading.answered.map(({ member }) => member).filter(member => member !== acting);
  return planTags(session, { acting, others }, proposal, signal);
}

/** Traffic that a block has been set for is not held against the same target again. */
function refuseSameBucket({ usage: { bucket } }: Offence, { earlier }: BlockRequest<BlockOptions>): void {
  const punished = earlier.some(({ receipts }) =>
    receipts.some(receipt => readBlockData(receipt).bucketEndsAt >= bucket.endsAt),
  );
  if (!punished) return;
  const ended = new Date(bucket.endsAt).toISOString();
  throw new Refusal('same-bucket', `it has been blocked for the quarter of an hour to ${ended} already`);
}

/** Milliseconds. With `escalate`, repeat offenders are held longer. */
function holdFor({ clock }: PanosSession, { options, earlier }: BlockRequest<BlockOptions>): number {
  const { escalate, escalate_within: within, hold } = options;
  if (!escalate) return hold;
  const lately = earlier.filter(({ heldFrom }) => clock.now() - heldFrom < within).length;
  return escalate[Math.min(lately, escalate.length - 1)] ?? hold;
}
