import type { PassedOver } from '../../../../core/action.ts';
import { DeviceSurprise } from '../../../../core/errors.ts';
import { showSession } from '../../commands.ts';
import { readSessionDetail, type SessionDetail } from '../../replies/session-detail.ts';
import type { PanosMember } from '../../session.ts';
import type { Candidate } from './candidates.ts';
import { admits, type DiscardOptions } from './options.ts';

type Found = Extract<SessionDetail, { kind: 'session' }>;

/** A candidate whom the session table shows as what it was said to be, and whom the filters admit. */
export interface Offender extends Candidate {
  readonly session: Found;
}

/** Reads the session of each candidate and keeps those that may be discarded: one call a candidate. */
export async function confirm(
  candidates: readonly Candidate[],
  options: DiscardOptions,
  signal: AbortSignal,
): Promise<{ readonly offenders: readonly Offender[]; readonly passedOver: readonly PassedOver[] }> {
  const looked = await Promise.all(
    candidates.map(async candidate => {
      const detail = await lookUp(candidate.member, candidate.id, signal);
      return { candidate, detail, reason: objection(candidate, detail, options) };
    }),
  );
  return {
    offenders: looked.flatMap(({ candidate, detail, reason }) =>
      reason === undefined && typeof detail === 'object' && detail.kind === 'session'
        ? [{ ...candidate, session: detail }]
        : [],
    ),
    passedOver: looked.flatMap(({ candidate, reason }) =>
      reason === undefined ? [] : [{ subject: `session ${candidate.id} on ${candidate.member.name}`, reason }],
    ),
  };
}

/** One reply that is not understood concerns one session, and must not save the others. */
async function lookUp(member: PanosMember, id: string, signal: AbortSignal): Promise<SessionDetail | string> {
  try {
    return readSessionDetail(await member.read(showSession(id), signal));
  } catch (error) {
    if (error instanceof DeviceSurprise) return error.message;
    throw error;
  }
}

function objection(candidate: Candidate, detail: SessionDetail | string, options: DiscardOptions): string | undefined {
  if (typeof detail === 'string') return `could not be confirmed: ${detail}`;
  if (detail.kind === 'gone') return 'it is gone already';
  if (detail.kind === 'incomplete') return `the session table does not show its ${detail.missing.join(', ')}`;
  if (detail.state === 'DISCARD') return 'it is being discarded already';
  if (detail.state !== 'ACTIVE') return `it is in the state ${detail.state}, not ACTIVE`;
  return contradiction(candidate, detail) ?? filtered(detail, options);
}

function contradiction({ zones, applications }: Candidate, { identity }: Found): string | undefined {
  const zone = zones.find(said => said !== identity.zone);
  if (zone !== undefined) return `it was named with zone ${zone}, but the session table says ${identity.zone}`;
  const application = applications.find(said => said !== 'undecided' && said !== identity.application);
  if (application === undefined) return undefined;
  return `it was named with application ${application}, but the session table says ${identity.application}`;
}

function filtered({ identity }: Found, options: DiscardOptions): string | undefined {
  const { application, zone } = identity;
  if (application === 'undecided' && !options.discard_undecided) return 'its application is undecided';
  if (!admits(options.applications, application)) {
    return `its application ${application} is not among ${options.applications.join(', ')}`;
  }
  return admits(options.zones, zone) ? undefined : `its zone ${zone} is not among ${options.zones.join(', ')}`;
}
