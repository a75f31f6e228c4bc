import { DeviceSurprise } from '../../../../core/errors.ts';
import { showSession } from '../../commands.ts';
import { readSessionDetail, sameSession, type SessionDetail } from '../../replies/session-detail.ts';
import type { PanosMember } from '../../session.ts';
import type { DiscardData } from './action.ts';

/** What the device shows of a session that was planned to be discarded. */
export type Fate =
  | { readonly kind: 'active' | 'discarded' | 'gone' }
  /** Its id belongs to another session now, or it is not the same in a way that matters before acting. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'unclear'; readonly detail: string };

/** Reads the session again: one call. A reply that is not understood is unclear; it may be understood later. */
export async function readFate(member: PanosMember, data: DiscardData, signal: AbortSignal): Promise<Fate> {
  try {
    return fateOf(readSessionDetail(await member.read(showSession(data.id), signal)), data);
  } catch (error) {
    if (error instanceof DeviceSurprise) return { kind: 'unclear', detail: error.message };
    throw error;
  }
}

function fateOf(detail: SessionDetail, data: DiscardData): Fate {
  if (detail.kind === 'gone') return { kind: 'gone' };
  if (detail.kind === 'incomplete') {
    return { kind: 'unclear', detail: `the session table does not show its ${detail.missing.join(', ')}` };
  }
  if (!sameSession(detail.identity, data.identity)) return { kind: 'replaced' };
  if (detail.state === 'DISCARD') return { kind: 'discarded' };
  if (detail.state !== 'ACTIVE') return { kind: 'unclear', detail: `it is in the state ${detail.state}` };
  return detail.identity.application === data.identity.application
    ? { kind: 'active' }
    : { kind: 'unclear', detail: `its application is ${detail.identity.application} now` };
}
