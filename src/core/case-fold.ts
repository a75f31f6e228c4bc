import type { ActionProgress, Case, CaseEvent, CaseState } from './case.ts';
import { isAtRest } from './case.ts';
import { Bug } from './errors.ts';

/** Which event types may come in which state. `start` is before the first event. */
const ALLOWED: Readonly<Record<CaseState | 'start', readonly CaseEvent['type'][]>> = {
  start: ['received'],
  received: ['refused', 'not-needed', 'planned', 'awaiting-approval', 'intended', 'retry', 'failed'],
  'awaiting-approval': ['approved', 'awaiting-approval', 'refused', 'not-needed', 'intended', 'retry', 'failed'],
  intended: [
    'calling',
    'called',
    'call-failed',
    'recalled',
    'intended',
    'applied',
    'refused',
    'not-needed',
    'retry',
    'failed',
  ],
  applied: ['verified', 'unverified', 'retry', 'failed'],
  verified: ['holding', 'releasing'],
  unverified: ['holding', 'releasing'],
  holding: ['restored', 'releasing', 'retry'],
  releasing: ['released', 'retry'],
  refused: [],
  'not-needed': [],
  planned: [],
  released: [],
  failed: [],
};

/**
 * The case after one more event. Throws Bug when the event may not come in the case's state, after its end, or in the
 * state of the action that it is about: the ledger never holds a history that the rules do not allow. `at` is in
 * milliseconds since the epoch.
 */
export function foldEvent(subject: Case | undefined, id: string, event: CaseEvent, at: number): Case {
  const state = subject?.state ?? 'start';
  if (subject !== undefined && isAtRest(subject))
    throw new Bug(`case ${id}: ${event.type} comes after its end (${state})`);
  if (!ALLOWED[state].includes(event.type)) throw new Bug(`case ${id}: ${event.type} may not follow ${state}`);
  const next = subject === undefined ? begin(id, event, at) : advance(subject, event, at);
  const moved = { ...next, version: (subject?.version ?? 0) + 1, updatedAt: at };
  return isAtRest(moved) ? { ...without(moved, 'wakeAt'), endedAt: at } : moved;
}

function begin(id: string, event: CaseEvent, at: number): Case {
  if (event.type !== 'received') throw new Bug(`case ${id}: begins with ${event.type}`);
  const { device, remedy, target, alert } = event;
  const empty = { version: 0, progress: [], retries: 0, openedAt: at, updatedAt: at, state: 'received' as const };
  return { id, device, remedy, target, alert, ...empty };
}

function advance(subject: Case, event: CaseEvent, at: number): Case {
  switch (event.type) {
    case 'received':
      throw new Bug(`case ${subject.id}: received twice`);
    case 'refused':
    case 'failed':
      return { ...subject, state: event.type, reason: event.reason, detail: event.detail };
    case 'not-needed':
      return { ...subject, state: 'not-needed', detail: event.detail };
    case 'planned':
      return { ...subject, state: 'planned', plan: event.plan };
    case 'awaiting-approval':
      return {
        ...without(subject, 'approvedBy'),
        state: 'awaiting-approval',
        plan: event.plan,
        planHash: event.planHash,
        wakeAt: event.expiresAt,
      };
    case 'approved':
      if (event.planHash !== subject.planHash)
        throw new Bug(`case ${subject.id}: approved is a plan that was not shown`);
      return { ...subject, approvedBy: event.by, wakeAt: at };
    case 'intended':
      return {
        ...without(subject, 'wakeAt'),
        state: 'intended',
        plan: event.plan,
        retries: 0,
        progress: [
          ...carriedOut(subject),
          ...event.plan.actions.map(action => ({ action, state: 'waiting' as const })),
        ],
      };
    case 'calling':
      return withProgress(subject, event, ['waiting', 'not-done'], { state: 'calling' });
    case 'called':
      return withProgress(subject, event, ['calling'], { state: 'called', receipt: event.receipt });
    case 'call-failed':
      return {
        ...withProgress(subject, event, ['calling'], { state: 'not-done' }),
        reason: event.reason,
        detail: event.detail,
      };
    case 'recalled':
      return withProgress(subject, event, ['calling', 'unclear'], remembered(event.recollection));
    case 'applied':
      return { ...without(subject, 'wakeAt'), state: 'applied', retries: 0 };
    case 'verified':
    case 'unverified':
      return {
        ...without(subject, 'wakeAt'),
        state: event.type,
        verdict: event.verdict,
        detail: event.verdict.detail,
        retries: 0,
      };
    case 'holding':
      return { ...subject, state: 'holding', heldFrom: at, dueAt: event.dueAt, wakeAt: event.dueAt };
    case 'restored':
      return { ...subject, detail: event.detail };
    case 'releasing':
      return { ...subject, state: 'releasing', releaseCause: event.cause, retries: 0, wakeAt: at };
    case 'released':
      return { ...subject, state: 'released', detail: event.verdict.detail };
    case 'retry':
      return { ...subject, detail: event.detail, retries: subject.retries + 1, wakeAt: event.wakeAt };
  }
}

function remembered(recollection: Extract<CaseEvent, { type: 'recalled' }>['recollection']): Partial<ActionProgress> {
  return recollection.found === 'done'
    ? { state: 'called', receipt: recollection.receipt }
    : { state: recollection.found };
}

/** Actions that may have changed the device stay in view when a fresh plan replaces the rest. */
function carriedOut(subject: Case): readonly ActionProgress[] {
  return subject.progress.filter(progress => progress.state !== 'waiting');
}

/**
 * The case with one action further. `from` holds the states in which the event makes sense: above all, a call is never
 * begun again while it is not known that it was not done.
 */
function withProgress(
  subject: Case,
  event: Extract<CaseEvent, { readonly index: number }>,
  from: readonly ActionProgress['state'][],
  change: Partial<ActionProgress>,
): Case {
  const progress = subject.progress[event.index];
  if (!progress) throw new Bug(`case ${subject.id}: no action ${event.index}`);
  if (!from.includes(progress.state)) {
    throw new Bug(`case ${subject.id}: ${event.type} may not follow ${progress.state} of action ${event.index}`);
  }
  return { ...subject, progress: subject.progress.with(event.index, { ...progress, ...change }) };
}

function without<Key extends keyof Case>(subject: Case, key: Key): Omit<Case, Key> & Case {
  const copy: Case = { ...subject };
  delete (copy as Partial<Record<Key, unknown>>)[key];
  return copy;
}
