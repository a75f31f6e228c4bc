import type { Action, Plan, Receipt, Verdict } from '../../src/core/action.ts';
import type { Alert } from '../../src/core/alert.ts';
import type { Case, CaseEvent } from '../../src/core/case.ts';

/** Events of cases, as the ledger gets them: `case-arbitraries.ts` has arbitrary ones. */

export type Received = Extract<CaseEvent, { type: 'received' }>;

export function anAlert(labels: Readonly<Record<string, string>> = {}): Alert {
  return {
    fingerprint: '00112233445566aa',
    status: 'firing',
    labels: { alertname: 'TooHigh', ...labels },
    annotations: { summary: 'it is too high' },
    startsAt: 1_000,
  };
}

export function received(change: Partial<Received> = {}): Received {
  return { type: 'received', device: 'fw', remedy: 'toy/fix', target: { kind: 'device' }, alert: anAlert(), ...change };
}

export function anAction(subject = 'session 1'): Action {
  return {
    subject,
    touches: [{ kind: 'address', value: '192.0.2.7' }],
    calls: ['fix it'],
    evidence: [],
    data: { id: 1 },
  };
}

export function aPlan(kind: 'once' | 'block' = 'once', actions = 1): Plan {
  const facts = {
    summary: 'a plan',
    actions: Array.from({ length: actions }, (_, index) => anAction(`session ${index + 1}`)),
    before: [{ name: 'level', value: 91, unit: '%' }],
    passedOver: [],
  };
  return kind === 'once' ? { kind, ...facts } : { kind, ...facts, holdMs: 60_000 };
}

export const aReceipt: Receipt = { calls: ['fix it'], reply: 'fixed', data: { id: 1 } };

export const aVerdict: Verdict = { proven: true, effect: 'effective', before: [], after: [], detail: 'it fell' };

/** One event of every type, with `index` for the action that it is about. */
export function everyEvent(plan: Plan, index = 0): readonly CaseEvent[] {
  return [
    received(),
    { type: 'refused', reason: 'cooldown', detail: 'too soon' },
    { type: 'not-needed', detail: 'it is gone', before: [] },
    { type: 'planned', plan },
    { type: 'awaiting-approval', plan, planHash: 'abc', expiresAt: 9_000 },
    { type: 'approved', by: 'ann', planHash: 'abc' },
    { type: 'intended', plan, mode: 'auto' },
    { type: 'calling', index },
    { type: 'called', index, receipt: aReceipt },
    { type: 'call-failed', index, reason: 'unreachable', detail: 'no answer' },
    { type: 'recalled', index, recollection: { found: 'unclear', detail: 'cannot tell' } },
    { type: 'applied' },
    { type: 'verified', verdict: aVerdict },
    { type: 'unverified', verdict: { ...aVerdict, proven: false, effect: 'ineffective' } },
    { type: 'holding', dueAt: 8_000 },
    { type: 'restored', detail: 'set again', receipts: [aReceipt] },
    { type: 'releasing', cause: 'due', by: 'unclog' },
    { type: 'released', verdict: aVerdict },
    { type: 'retry', detail: 'later', wakeAt: 7_000 },
    { type: 'failed', reason: 'surprise', detail: 'what is this' },
  ];
}

/** The whole life of a block, event by event. */
export function lifeOfABlock(): readonly CaseEvent[] {
  const plan = aPlan('block');
  return [
    { type: 'intended', plan, mode: 'auto' },
    { type: 'calling', index: 0 },
    { type: 'called', index: 0, receipt: aReceipt },
    { type: 'applied' },
    { type: 'verified', verdict: aVerdict },
    { type: 'holding', dueAt: 61_000 },
    { type: 'releasing', cause: 'due', by: 'unclog' },
    { type: 'released', verdict: aVerdict },
  ];
}

/** A case without what a comparison of views must not depend on. */
export function plain(subject: Case | undefined): unknown {
  return subject === undefined ? undefined : (JSON.parse(JSON.stringify(subject)) as unknown);
}
