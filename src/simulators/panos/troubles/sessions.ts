import { z } from 'zod';
import { type Abuse, abuse } from './abuse.ts';
import type { Session } from '../state/session.ts';
import type { PanosState } from '../state/state.ts';

/** Ends sessions by themselves, as when the abuser goes home: all that use a share, or the ids given. */
export const EndSessions = z.strictObject({ ids: z.array(z.int().positive()).optional() });

/** Ends one session and gives its id to another at once. */
export const ReuseId = z.looseObject({ id: z.int().positive() });

/** Returns how many sessions ended. */
export function endSessions(state: PanosState, order: z.input<typeof EndSessions> = {}): number {
  const { ids } = EndSessions.parse(order);
  const ending = state.members
    .flatMap(member => state.sessions(member))
    .filter(session => (ids ? ids.includes(session.id) : session.share.packetBuffer > 0));
  for (const session of ending) session.endedAt = state.now();
  return ending.length;
}

/** The new session that has the id now. Its flow is that of `abuse`, with another source unless one is given. */
export function reuseId(state: PanosState, order: Abuse & { readonly id: number }): Session {
  endSessions(state, { ids: [order.id] });
  const [session] = abuse(state, { source: '10.1.20.99', ...order, sessions: 1 });
  if (!session) throw new RangeError(`session ${order.id} was not opened`);
  return session;
}
