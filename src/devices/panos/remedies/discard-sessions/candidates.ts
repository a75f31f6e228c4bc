import { type PassedOver } from '../../../../core/action.ts';
import { Refusal } from '../../../../core/errors.ts';
import { showIngressBacklogs, showPacketBufferProtection } from '../../commands.ts';
import { sameDataplane } from '../../dataplane.ts';
import { type BacklogSession, readIngressBacklogs } from '../../replies/ingress-backlogs.ts';
import { readPacketBufferProtection } from '../../replies/packet-buffer-protection.ts';
import type { PanosMember } from '../../session.ts';
import { type BufferReading } from './buffers.ts';

/** A session that the device names as an offender. Nothing is believed of it before the session table was asked. */
export interface Candidate {
  readonly member: PanosMember;
  readonly id: string;
  /** Percent; undefined where the device named it without saying how much. */
  readonly share: number | undefined;
  readonly dataplane: string | undefined;
  /** What was said of it, to be compared with the session table. */
  readonly zones: readonly string[];
  readonly applications: readonly string[];
  readonly evidence: readonly string[];
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * Who fills the buffer of this member, from ingress-backlogs and from packet-buffer protection: two calls. Throws Refusal
 * `backlog-ambiguous` when the first cannot be read safely, and `no-offender-source` when the platform has neither.
 */
export async function findCandidates(member: PanosMember, signal: AbortSignal): Promise<Candidates> {
  const [backlogReply, protectionReply] = await Promise.all([
    member.readIfSupported(showIngressBacklogs, signal),
    member.readIfSupported(showPacketBufferProtection, signal),
  ]);
  if (!backlogReply && !protectionReply) {
    const detail = `${member.name} knows neither ingress-backlogs nor packet-buffer protection: nothing names offenders`;
    throw new Refusal('no-offender-source', detail);
  }
  const backlog = backlogReply ? readIngressBacklogs(backlogReply) : undefined;
  if (backlog?.kind === 'ambiguous') throw new Refusal('backlog-ambiguous', ambiguous(member, backlog.why));
  const listed = (backlog?.sessions ?? []).map(session => fromBacklog(member, session));
  const protection = (protectionReply ? readPacketBufferProtection(protectionReply) : []).flatMap(dataplane =>
    dataplane.entries.map(entry => ({ ...entry, dataplane: dataplane.dataplane })),
  );
  const named = protection.filter(entry => isSessionId(entry.value)).map(entry => fromProtection(member, entry));
  const passedOver = protection.filter(entry => !isSessionId(entry.value)).map(notASession);
  return { candidates: mergeById([...listed, ...named]), passedOver };
}

/** Keeps those of at least `minShare` percent on one of the `hot` dataplanes, largest share first. */
export function worthConfirming(
  { candidates, passedOver }: Candidates,
  hot: readonly BufferReading[],
  minShare: number,
): Candidates {
  const objections = candidates.map(candidate => ({ candidate, reason: objection(candidate, hot, minShare) }));
  return {
    candidates: objections
      .flatMap(({ candidate, reason }) => (reason === undefined ? [candidate] : []))
      .sort((left, right) => (right.share ?? 0) - (left.share ?? 0)),
    passedOver: [
      ...passedOver,
      ...objections.flatMap(({ candidate, reason }) =>
        reason === undefined ? [] : [{ subject: `session ${candidate.id} on ${candidate.member.name}`, reason }],
      ),
    ],
  };
}

/** The device lists nothing below this, so a session without a share has at least this much. */
const SMALLEST_LISTED_SHARE = 2;

function objection(candidate: Candidate, hot: readonly BufferReading[], minShare: number): string | undefined {
  const { share, dataplane } = candidate;
  if (share === undefined && minShare > SMALLEST_LISTED_SHARE)
    return `its share is not known, ${minShare} % are needed`;
  if (share !== undefined && share < minShare) return `its share of ${share} % is below ${minShare} %`;
  if (dataplane === undefined || hot.some(reading => sameDataplane(reading.dataplane, dataplane))) return undefined;
  return `its dataplane ${dataplane} is below the threshold`;
}

function fromBacklog(member: PanosMember, session: BacklogSession): Candidate {
  const share = session.share === undefined ? 'listed' : `${session.share} %`;
  return {
    member,
    id: session.id,
    share: session.share,
    dataplane: session.dataplane,
    zones: session.zone === undefined ? [] : [session.zone],
    applications: session.application === undefined ? [] : [session.application],
    evidence: [`ingress-backlogs: ${share}${session.dataplane === undefined ? '' : ` of ${session.dataplane}`}`],
  };
}

interface NamedEntry {
  readonly value: string;
  readonly share: number | undefined;
  readonly zone: string | undefined;
  readonly dropping: boolean;
  readonly dataplane: string;
}

function fromProtection(member: PanosMember, entry: NamedEntry): Candidate {
  const share = entry.share === undefined ? 'listed' : `${entry.share} %`;
  const dropping = entry.dropping ? ', the device drops its packets already' : '';
  return {
    member,
    id: entry.value,
    share: entry.share,
    dataplane: entry.dataplane,
    zones: entry.zone === undefined ? [] : [entry.zone],
    applications: [],
    evidence: [`packet-buffer protection: ${share} of ${entry.dataplane}${dropping}`],
  };
}

function notASession({ value, share, dataplane }: NamedEntry): PassedOver {
  return {
    subject: `"${value.slice(0, 64)}" on ${dataplane}${share === undefined ? '' : ` (${share} %)`}`,
    reason: 'packet-buffer protection names no session here, and only sessions can be discarded',
  };
}

function isSessionId(value: string): boolean {
  return /^[1-9]\d{0,9}$/.test(value);
}

/** The same session named by both sources is one candidate, with the larger share and the evidence of both. */
function mergeById(candidates: readonly Candidate[]): readonly Candidate[] {
  const merged = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const known = merged.get(candidate.id);
    merged.set(candidate.id, known ? merge(known, candidate) : candidate);
  }
  return [...merged.values()];
}

function merge(left: Candidate, right: Candidate): Candidate {
  const shares = [left.share, right.share].filter(share => share !== undefined);
  return {
    ...left,
    share: shares.length === 0 ? undefined : Math.max(...shares),
    dataplane: left.dataplane ?? right.dataplane,
    zones: [...left.zones, ...right.zones],
    applications: [...left.applications, ...right.applications],
    evidence: [...left.evidence, ...right.evidence],
  };
}

function ambiguous(member: PanosMember, why: string): string {
  return (
    `the reply of ingress-backlogs on ${member.name} cannot be read without guessing which session is meant: ${why}. ` +
    'Nothing was done; docs/devices/panos.md tells how to hand in a capture'
  );
}
