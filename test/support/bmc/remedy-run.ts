import assert from 'node:assert/strict';
import type { OncePlan, Receipt, Verdict } from '../../../src/core/action.ts';
import type { OnceRemedy, Remedy, Session } from '../../../src/devices/contract.ts';
import type { Json } from '../../../src/core/json.ts';
import { never } from './tools.ts';

/** A remedy with a session and options, walked through step by step. */
export class RemedyRun {
  readonly #remedy: OnceRemedy<Session>;
  readonly #session: Session;
  readonly #options: unknown;

  constructor(
    remedies: readonly Remedy<Session>[],
    name: string,
    session: Session,
    options: Readonly<Record<string, Json>>,
  ) {
    const found = remedies.find(candidate => candidate.name === name);
    assert(found?.kind === 'once', name);
    this.#remedy = found;
    this.#session = session.at('remedy');
    this.#options = found.options.parse(options);
  }

  /** What the remedy says: a plan, that nothing is needed, or a refusal. */
  propose() {
    const request = { target: { kind: 'device' } as const, labels: {}, options: this.#options };
    return this.#remedy.plan(this.#session, request, never);
  }

  async plan(): Promise<OncePlan> {
    const found = await this.propose();
    assert('kind' in found && found.kind === 'once', JSON.stringify(found));
    return found;
  }

  /** The reason of its refusal, or `not-needed`. */
  async objection(): Promise<string> {
    const found = await this.propose();
    if (found instanceof Error) return found.reason;
    return found.kind;
  }

  /** Checks that a rehearsal records the plan's calls, then does its only action. */
  async apply(plan: OncePlan): Promise<Receipt> {
    const [action] = plan.actions;
    assert(action && plan.actions.length === 1);
    const { session, calls } = this.#session.rehearse();
    await this.#remedy.apply(session, action, never);
    assert.deepEqual(calls, action.calls);
    return this.#remedy.apply(this.#session, action, never);
  }

  verify(plan: OncePlan, receipt: Receipt): Promise<Verdict> {
    return this.#remedy.verify(this.#session, plan, [receipt], never);
  }

  recall(plan: OncePlan) {
    const [action] = plan.actions;
    assert(action);
    return this.#remedy.recall(this.#session, action, never);
  }
}
