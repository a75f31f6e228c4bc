import { planHash, type BlockPlan, type OncePlan, type Verdict } from '../../src/core/action.ts';
import type { Alert } from '../../src/core/alert.ts';
import type { Case, CaseEvent } from '../../src/core/case.ts';
import { foldEvent } from '../../src/core/case-fold.ts';
import type { Target } from '../../src/core/target.ts';

/** A case, its last event, and all events so far, as the ledger would hold them. */
export interface Story {
  readonly case: Case;
  readonly events: readonly { readonly at: number; readonly event: CaseEvent }[];
}

export const alert: Alert = {
  fingerprint: '7a95307860d1da7c',
  status: 'firing',
  labels: { alertname: 'PanosPacketBufferHigh', device: 'fw-edge', remedy: 'panos/discard-sessions' },
  annotations: { summary: 'Packet buffer at 91 % on fw-edge' },
  startsAt: Date.UTC(2026, 10, 21, 3, 0, 0),
};

export const effective: Verdict = {
  proven: true,
  effect: 'effective',
  before: [{ name: 'packet buffer of dp0', value: 91, unit: '%' }],
  after: [{ name: 'packet buffer of dp0', value: 34, unit: '%' }],
  detail: 'packet buffer of dp0 fell from 91 % to 34 %',
};

export const discard: OncePlan = {
  kind: 'once',
  summary: 'discard 1 session that holds 57 % of the packet buffer of dp0',
  before: effective.before,
  actions: [
    {
      subject: 'session 4711 (10.0.0.5:1025 → 192.0.2.9:53/17) on dp0',
      touches: [{ kind: 'address', value: '10.0.0.5' }],
      calls: ['request session-discard id 4711 timeout 60 reason unclog on 192.0.2.11'],
      evidence: ['57 % of the packet buffer of dp0 (ingress-backlogs)', 'application dns, zone trust'],
      data: { id: 4711, internal: 'driver data' },
    },
  ],
  passedOver: [{ subject: 'session 12 (10.0.0.9:5060 → 192.0.2.8:5060/17)', reason: 'share 1 %, below 2 %' }],
};

export const block: BlockPlan = {
  kind: 'block',
  holdMs: 900_000,
  summary: 'block 10.0.0.77 by tag quota for 15m',
  before: [{ name: 'bytes of 10.0.0.77', value: 31_000_000, unit: 'B' }],
  actions: [
    {
      subject: 'address 10.0.0.77',
      touches: [{ kind: 'address', value: '10.0.0.77' }],
      calls: ['register 10.0.0.77 with tag quota, timeout 900, on 192.0.2.11'],
      evidence: ['31 MB in this window, the limit is 20 MB'],
      data: { address: '10.0.0.77' },
    },
  ],
  passedOver: [],
};

/** Plays events, one second apart, into a case. */
export function play(
  id: string,
  events: readonly CaseEvent[],
  facts: {
    readonly at?: number;
    readonly device?: string;
    readonly remedy?: string;
    readonly target?: Target;
    readonly alert?: Alert;
  } = {},
): Story {
  const { device = 'fw-edge', remedy = 'panos/discard-sessions', target = { kind: 'device' } } = facts;
  const received = { type: 'received', device, remedy, target, alert: facts.alert ?? alert } as const;
  const start = facts.at ?? alert.startsAt + 2_000;
  const dated = [received, ...events].map((event, index) => ({ at: start + index * 1_000, event }));
  let subject: Case | undefined;
  for (const { at, event } of dated) subject = foldEvent(subject, id, event, at);
  return { case: subject as Case, events: dated };
}

export function waitingForApproval(id: string): Story {
  const hash = planHash(discard);
  const expiresAt = alert.startsAt + 3_600_000;
  return play(id, [{ type: 'awaiting-approval', plan: discard, planHash: hash, expiresAt }]);
}

const receipt = { calls: ['sent'], reply: 'session discarded', data: { id: 4711, internal: 'driver data' } };

export function discarded(id: string): Story {
  return play(id, [
    { type: 'intended', plan: discard, mode: 'auto' },
    { type: 'calling', index: 0 },
    { type: 'called', index: 0, receipt },
    { type: 'applied' },
    { type: 'verified', verdict: effective },
  ]);
}

export function holding(id: string, address: string, dueAt: number): Story {
  return play(
    id,
    [
      { type: 'intended', plan: block, mode: 'auto' },
      { type: 'calling', index: 0 },
      { type: 'called', index: 0, receipt },
      { type: 'applied' },
      { type: 'verified', verdict: { ...effective, detail: `${address} is registered with tag quota` } },
      { type: 'holding', dueAt },
    ],
    { remedy: 'panos/block-quota', target: { kind: 'address', value: address } },
  );
}

export function refused(id: string, reason: string, detail: string): Story {
  return play(id, [{ type: 'refused', reason, detail }]);
}
