import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planHash, type OncePlan } from '../../src/core/action.ts';
import { Refusal } from '../../src/core/errors.ts';
import type { OnceRemedy, Session } from '../../src/devices/contract.ts';

/** A device in just the trouble that the remedy is for, with at least one thing to do. */
export interface RemedyStage<S extends Session, O> extends AsyncDisposable {
  readonly session: S;
  readonly remedy: OnceRemedy<S, O>;
  /** Calls so far that were meant to change the device, as its own record has them. */
  changes(): number;
  /** Sets the stage as it is when nothing is wrong. */
  calm(): void;
}

const forever = new AbortController().signal;

/** What every remedy whose change is over when it is done must hold to (`OnceRemedy` of src/devices/contract.ts). */
export function onceRemedyConformance<S extends Session, O>(name: string, set: () => Promise<RemedyStage<S, O>>): void {
  const planOn = async (stage: RemedyStage<S, O>) => {
    const options = stage.remedy.options.parse({});
    return stage.remedy.plan(stage.session, { target: { kind: 'device' }, labels: {}, options }, forever);
  };
  const planned = async (stage: RemedyStage<S, O>): Promise<OncePlan> => {
    const plan = await planOn(stage);
    assert.ok(!(plan instanceof Refusal) && plan.kind === 'once', JSON.stringify(plan));
    assert.ok(plan.actions.length > 0);
    return plan;
  };

  describe(`the remedy ${name}`, () => {
    test('has options with defaults, and refuses keys that it does not know', async () => {
      await using stage = await set();
      assert.equal(stage.remedy.options.safeParse({}).success, true);
      assert.equal(stage.remedy.options.safeParse({ 'no-such-option': 1 }).success, false);
    });

    test('plans without changing anything, and plans the same again', async () => {
      await using stage = await set();
      const first = await planned(stage);
      const second = await planned(stage);
      assert.equal(planHash(second), planHash(first));
      assert.equal(stage.changes(), 0);
    });

    test('plans nothing when nothing is wrong', async () => {
      await using stage = await set();
      stage.calm();
      const plan = await planOn(stage);
      assert.ok(plan instanceof Refusal || plan.kind === 'not-needed');
      assert.equal(stage.changes(), 0);
    });

    test('names subject, calls, evidence and what it touches for each action, all as plain JSON', async () => {
      await using stage = await set();
      for (const action of (await planned(stage)).actions) {
        assert.ok(action.subject !== '' && action.calls.length > 0);
        assert.ok(action.evidence.length > 0 && action.touches.length > 0);
        assert.deepEqual(JSON.parse(JSON.stringify(action)), action);
      }
    });

    test('on a rehearsal records exactly the calls of the plan, action by action, and sends nothing', async () => {
      await using stage = await set();
      for (const action of (await planned(stage)).actions) {
        const { session, calls } = stage.session.rehearse();
        await stage.remedy.apply(session as S, action, forever);
        assert.deepEqual(calls, action.calls);
      }
      assert.equal(stage.changes(), 0);
    });

    test('sends as many calls as the plan says, proves them, and says so again when asked after a crash', async () => {
      await using stage = await set();
      const plan = await planned(stage);
      const receipts = [];
      for (const action of plan.actions) {
        assert.equal((await stage.remedy.recall(stage.session, action, forever)).found, 'not-done');
        const receipt = await stage.remedy.apply(stage.session, action, forever);
        assert.deepEqual(receipt.calls, action.calls);
        assert.deepEqual(JSON.parse(JSON.stringify(receipt)), receipt);
        receipts.push(receipt);
        const recalled = await stage.remedy.recall(stage.session, action, forever);
        assert.ok(recalled.found === 'done');
        assert.deepEqual(recalled.receipt.data, receipt.data);
      }
      assert.equal(stage.changes(), plan.actions.flatMap(({ calls }) => calls).length);
      const verdict = await stage.remedy.verify(stage.session, plan, receipts, forever);
      assert.deepEqual([verdict.proven, verdict.effect], [true, 'effective']);
    });

    test('does nothing twice: what is done is refused, or not planned any more', async () => {
      await using stage = await set();
      const plan = await planned(stage);
      for (const action of plan.actions) await stage.remedy.apply(stage.session, action, forever);
      const sent = stage.changes();
      for (const action of plan.actions) {
        await assert.rejects(stage.remedy.apply(stage.session, action, forever), { name: 'Refusal' });
      }
      const again = await planOn(stage).catch((error: unknown) => error);
      assert.ok(again instanceof Refusal || (again as { kind: string }).kind === 'not-needed');
      assert.equal(stage.changes(), sent);
    });
  });
}
