import type { NotNeeded, OncePlan, PassedOver } from '../../../../core/action.ts';
import { Refusal } from '../../../../core/errors.ts';
import type { RemedyRequest } from '../../../contract.ts';
import { membersForSessions } from '../../acting-member.ts';
import { readHa } from '../../ha-reading.ts';
import { refuseWhileCommitting } from '../../running-jobs.ts';
import type { PanosMember, PanosSession } from '../../session.ts';
import { discardAction } from './action.ts';
import { type BufferReading, measure, readBuffers } from './buffers.ts';
import { type Candidates, findCandidates, worthConfirming } from './candidates.ts';
import { confirm, type Offender } from './confirm.ts';
import type { DiscardOptions } from './options.ts';

/** More are never looked up: a plan takes 20 at most, and a member's queue is not for hundreds of calls. */
const MOST_LOOKED_UP = 40;

/**
 * Reads the device again and decides whom to discard. Calls: one a member for HA and one for the buffers; only where a
 * buffer is at or above the threshold three more, and one for each session that is named as an offender.
 */
export async function planDiscards(
  session: PanosSession,
  { options }: RemedyRequest<DiscardOptions>,
  signal: AbortSignal,
): Promise<OncePlan | NotNeeded> {
  const acting = membersForSessions(await readHa(session, signal));
  const buffers = await readBuffers(acting, signal);
  const before = buffers.map(measure);
  const [fullest] = buffers;
  if (!fullest) throw new Refusal('no-buffer-reading', 'the resource monitor shows no packet buffer');
  const fullestInWords = `${measure(fullest).name} is at ${fullest.percent} %`;
  const hot = buffers.filter(({ percent }) => percent >= options.threshold);
  if (hot.length === 0) {
    const detail = `the fullest, ${fullestInWords}, below the threshold of ${options.threshold} %`;
    return { kind: 'not-needed', detail, before };
  }
  const { candidates, passedOver } = await namedOn(hot, options, signal);
  const lookedUp = candidates.slice(0, MOST_LOOKED_UP);
  const confirmed = await confirm(lookedUp, options, signal);
  const chosen = confirmed.offenders.slice(0, options.max_sessions);
  const left = [
    ...passedOver,
    ...confirmed.passedOver,
    ...leftOver(candidates.slice(MOST_LOOKED_UP), `only the first ${MOST_LOOKED_UP} are looked up`),
    ...leftOver(confirmed.offenders.slice(options.max_sessions), `max_sessions is ${options.max_sessions}`),
  ];
  if (chosen.length === 0) throw new Refusal('no-offender', `${fullestInWords}, but ${nobody(left)}`);
  return {
    kind: 'once',
    summary: `discard ${chosen.length} ${chosen.length === 1 ? 'session' : 'sessions'}: ${fullestInWords}`,
    actions: chosen.map(offender => discardAction(offender, options)),
    before,
    passedOver: left,
  };
}

/** Who is named as an offender on the hot dataplanes, asked of each member that has one. */
async function namedOn(
  hot: readonly BufferReading[],
  options: DiscardOptions,
  signal: AbortSignal,
): Promise<Candidates> {
  const members = [...new Set(hot.map(({ member }) => member))];
  const found = await Promise.all(members.map(member => namedOnMember(member, hot, options, signal)));
  return {
    candidates: found.flatMap(({ candidates }) => candidates),
    passedOver: found.flatMap(({ passedOver }) => passedOver),
  };
}

async function namedOnMember(
  member: PanosMember,
  hot: readonly BufferReading[],
  options: DiscardOptions,
  signal: AbortSignal,
): Promise<Candidates> {
  await refuseWhileCommitting(member, signal);
  const own = hot.filter(reading => reading.member === member);
  return worthConfirming(await findCandidates(member, signal), own, options.min_share);
}

function leftOver(candidates: readonly (Offender | Candidates['candidates'][number])[], reason: string): PassedOver[] {
  return candidates.map(({ id, member }) => ({ subject: `session ${id} on ${member.name}`, reason }));
}

function nobody(passedOver: readonly PassedOver[]): string {
  if (passedOver.length === 0) return 'the device names no session that fills it';
  const shown = passedOver.slice(0, 5).map(({ subject, reason }) => `${subject}: ${reason}`);
  const more = passedOver.length - shown.length;
  return `no session may be discarded: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
