import type { Plan } from '../core/action.ts';
import { Bug } from '../core/errors.ts';
import type { Means } from './armed.ts';

/**
 * Walks through a plan on a session that records and sends nothing. Throws Bug when what `apply` would send is not
 * what the plan says: a dry run that shows other calls than the real run is worth nothing.
 */
export async function rehearse(means: Means, plan: Plan, signal: AbortSignal): Promise<void> {
  for (const action of plan.actions) {
    const { session, calls } = means.device.session.at('remedy').rehearse();
    await means.remedy.apply(session, action, signal);
    if (calls.join('\n') === action.calls.join('\n')) continue;
    throw new Bug(
      `${means.remedy.name} would send ${JSON.stringify(calls)}, and its plan says ${JSON.stringify(action.calls)}`,
    );
  }
}
