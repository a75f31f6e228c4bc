import type { Clock } from '../../core/clock.ts';
import { DeviceUnreachable } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { ApiKey } from './api-key.ts';
import type { Fault, Outcome } from './reply.ts';

/** Waits between tries while a commit makes the device refuse valid keys. */
const COMMIT_WINDOW_WAITS_MS = [500, 1_000, 2_000];

/** A connection that breaks sooner than this was most likely an idle one that the device had closed meanwhile. */
const STALE_CONNECTION_MS = 1_000;

interface Attempt {
  readonly key: Secret;
  readonly outcome: Outcome;
}

/**
 * Reads again where that can help: once on a connection that broke at once, once with a new key when the old one is not
 * taken, and for a few seconds while a commit is running. Only for calls that change nothing.
 */
export async function readPersistently(
  clock: Clock,
  apiKey: ApiKey,
  signal: AbortSignal,
  attempt: () => Promise<Attempt>,
): Promise<Outcome> {
  const waits = [...COMMIT_WINDOW_WAITS_MS];
  let renewed = false;
  for (;;) {
    const { key, outcome } = await onFreshConnection(clock, signal, attempt);
    if ('reply' in outcome) return outcome;
    const wait = outcome.fault.kind === 'commit-window' ? waits.shift() : undefined;
    if (wait !== undefined) {
      await clock.sleep(wait, signal);
    } else if (!renewed && mayRenew(apiKey, outcome.fault)) {
      renewed = true;
      apiKey.drop(key);
    } else {
      return outcome;
    }
  }
}

async function onFreshConnection(clock: Clock, signal: AbortSignal, attempt: () => Promise<Attempt>): Promise<Attempt> {
  const started = clock.monotonic();
  try {
    return await attempt();
  } catch (error) {
    const stale = error instanceof DeviceUnreachable && clock.monotonic() - started < STALE_CONNECTION_MS;
    if (!stale || signal.aborted) throw error;
    return attempt();
  }
}

/** Code 16 can mean a stale key as well as a role without the right: one new key per connection tells which. */
function mayRenew(apiKey: ApiKey, fault: Fault): boolean {
  if (fault.kind === 'role') return apiKey.renewOnceForRole();
  return apiKey.renewable && (fault.kind === 'session-expired' || fault.kind === 'credentials');
}
