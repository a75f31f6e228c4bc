import { DeviceUnreachable } from '../../core/errors.ts';
import { showHaState } from './commands.ts';
import { type HaState, readHaState } from './replies/ha-state.ts';
import type { PanosMember, PanosSession } from './session.ts';

/** What the members of a device say of high availability at one moment. */
export interface HaReading {
  readonly answered: readonly Answered[];
  /** Members that could not be reached. */
  readonly silent: readonly Silent[];
  /** Whether the configuration must be synchronized before anything is changed. */
  readonly requireSync: boolean;
}

interface Answered {
  readonly member: PanosMember;
  readonly ha: HaState;
}

interface Silent {
  readonly member: PanosMember;
  readonly error: DeviceUnreachable;
}

/**
 * Asks every member at the same time: one call each. A member that cannot be reached is part of the picture; any other
 * error is thrown.
 */
export async function readHa(session: PanosSession, signal: AbortSignal): Promise<HaReading> {
  const results = await Promise.all(
    session.members.map(async (member): Promise<Answered | Silent> => {
      try {
        return { member, ha: readHaState(await member.read(showHaState, signal)) };
      } catch (error) {
        if (error instanceof DeviceUnreachable) return { member, error };
        throw error;
      }
    }),
  );
  return {
    answered: results.flatMap(result => ('ha' in result ? [result] : [])),
    silent: results.flatMap(result => ('error' in result ? [result] : [])),
    requireSync: session.ha.requireSync,
  };
}
