import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from './json.ts';
import type { Target } from './target.ts';

/** A number that was read on the device, kept as evidence: `{ name: 'packet buffer of dp0', value: 91, unit: '%' }`. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** One change on a device. Plain JSON: it is stored before it is done. */
export interface Action {
  /** In words, with all that identifies it: `session 4711 (10.0.0.5:1025 → 192.0.2.9:53/17) on dp0`. */
  readonly subject: string;
  /** Everything the change cuts off; compared with the never-list. */
  readonly touches: readonly Exclude<Target, { kind: 'device' }>[];
  /** The exact calls in words, in order, as the device would get them, without secrets. */
  readonly calls: readonly string[];
  /** Why this one: what was read, in words. */
  readonly evidence: readonly string[];
  /** What `apply` needs; the driver's own shape. */
  readonly data: JsonObject;
}

/** A candidate that was looked at and left alone, and why. */
export interface PassedOver {
  readonly subject: string;
  readonly reason: string;
}

interface PlanFacts {
  readonly summary: string;
  readonly actions: readonly Action[];
  readonly before: readonly Measurement[];
  readonly passedOver: readonly PassedOver[];
}

/** A change that is done and over: nothing to undo later. */
export interface OncePlan extends PlanFacts {
  readonly kind: 'once';
}

/** A change that stands until it is taken back. One without an end cannot be written down. */
export interface BlockPlan extends PlanFacts {
  readonly kind: 'block';
  /** How long the block stands, in milliseconds; more than 0. */
  readonly holdMs: number;
}

export type Plan = OncePlan | BlockPlan;

/** The device was read again and the trouble is gone. A good outcome. */
export interface NotNeeded {
  readonly kind: 'not-needed';
  readonly detail: string;
  readonly before: readonly Measurement[];
}

/** What was done: all that verify and undo need, as plain JSON. */
export interface Receipt {
  /** What was sent, in words. */
  readonly calls: readonly string[];
  /** What the device answered, shortened and redacted. */
  readonly reply: string;
  /** The driver's own shape. */
  readonly data: JsonObject;
}

/** What the change did, judged on the device. */
export interface Verdict {
  /** The device itself shows that the change was made (or taken back). */
  readonly proven: boolean;
  readonly effect: 'effective' | 'ineffective' | 'harmful';
  readonly before: readonly Measurement[];
  readonly after: readonly Measurement[];
  readonly detail: string;
}

/**
 * A short name for exactly these actions: what an operator approves. Evidence and measurements, which move with every
 * read, are left out.
 */
export function planHash(plan: Plan): string {
  const bound = {
    kind: plan.kind,
    holdMs: plan.kind === 'block' ? plan.holdMs : 0,
    actions: plan.actions.map(action => ({ subject: action.subject, calls: action.calls, data: action.data })),
  };
  return createHash('sha256').update(canonicalJson(bound)).digest('hex').slice(0, 16);
}
