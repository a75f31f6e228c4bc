import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldEvent } from '../../../src/core/case-fold.ts';
import { caseKey, isAtRest, outcomeOf, type Case, type CaseEvent, type CaseState } from '../../../src/core/case.ts';
import { Bug } from '../../../src/core/errors.ts';
import { aPlan, aReceipt, aVerdict, everyEvent, lifeOfABlock, received } from '../../support/case-events.ts';

function fold(events: readonly CaseEvent[], from?: Case): Case {
  const at = from?.updatedAt ?? 0;
  const subject = events.reduce<Case | undefined>(
    (before, event, index) => foldEvent(before, 'a', event, at + index + 1),
    from,
  );
  assert.ok(subject);
  return subject;
}

const once = aPlan('once', 2);
const life = lifeOfABlock();
const awaiting = [
  received(),
  { type: 'awaiting-approval', plan: aPlan('block'), planHash: 'abc', expiresAt: 9_000 },
] as const;

/** A way into every state, and every event that may come then; all others are forbidden. */
const allowed: readonly { state: CaseState; way: readonly CaseEvent[]; next: readonly CaseEvent['type'][] }[] = [
  {
    state: 'received',
    way: [received()],
    next: ['refused', 'not-needed', 'planned', 'awaiting-approval', 'intended', 'retry', 'failed'],
  },
  {
    state: 'awaiting-approval',
    way: awaiting,
    next: ['approved', 'awaiting-approval', 'refused', 'not-needed', 'intended', 'retry', 'failed'],
  },
  {
    state: 'intended',
    way: [received(), { type: 'intended', plan: once, mode: 'auto' }],
    next: ['calling', 'intended', 'applied', 'refused', 'not-needed', 'retry', 'failed'],
  },
  {
    state: 'intended',
    way: [received(), { type: 'intended', plan: once, mode: 'auto' }, { type: 'calling', index: 0 }],
    next: ['called', 'call-failed', 'recalled', 'intended', 'applied', 'refused', 'not-needed', 'retry', 'failed'],
  },
  { state: 'applied', way: [received(), ...life.slice(0, 4)], next: ['verified', 'unverified', 'retry', 'failed'] },
  { state: 'verified', way: [received(), ...life.slice(0, 5)], next: ['holding', 'releasing'] },
  {
    state: 'unverified',
    way: [received(), ...life.slice(0, 4), { type: 'unverified', verdict: aVerdict }],
    next: ['holding', 'releasing'],
  },
  { state: 'holding', way: [received(), ...life.slice(0, 6)], next: ['restored', 'releasing', 'retry'] },
  { state: 'releasing', way: [received(), ...life.slice(0, 7)], next: ['released', 'retry'] },
  { state: 'released', way: [received(), ...life], next: [] },
  { state: 'refused', way: [received(), { type: 'refused', reason: 'freeze', detail: 'x' }], next: [] },
  { state: 'not-needed', way: [received(), { type: 'not-needed', detail: 'x', before: [] }], next: [] },
  { state: 'planned', way: [received(), { type: 'planned', plan: once }], next: [] },
  { state: 'failed', way: [received(), { type: 'failed', reason: 'bug', detail: 'x' }], next: [] },
  {
    state: 'verified',
    way: [
      received(),
      { type: 'intended', plan: once, mode: 'auto' },
      { type: 'applied' },
      { type: 'verified', verdict: aVerdict },
    ],
    next: [],
  },
];

for (const { state, way, next } of allowed) {
  test(`after ${way.map(({ type }) => type).join(', ')} may come: ${next.join(', ') || 'nothing'}`, () => {
    const subject = fold(way);
    assert.equal(subject.state, state);
    for (const event of everyEvent(aPlan('block'))) {
      if (next.includes(event.type)) {
        assert.equal(foldEvent(subject, 'a', event, 99).version, subject.version + 1, event.type);
      } else {
        assert.throws(() => foldEvent(subject, 'a', event, 99), Bug, event.type);
      }
    }
  });
}

test('a case begins with received and with nothing else', () => {
  for (const event of everyEvent(once).slice(1)) {
    assert.throws(() => foldEvent(undefined, 'a', event, 1), {
      name: 'Bug',
      message: `case a: ${event.type} may not follow start`,
    });
  }
});

test('a call is never begun again while it may have been done', () => {
  const calling = fold([received(), { type: 'intended', plan: once, mode: 'auto' }, { type: 'calling', index: 0 }]);
  const again: CaseEvent = { type: 'calling', index: 0 };
  const called = fold([{ type: 'called', index: 0, receipt: aReceipt }], calling);
  const unclear = fold([{ type: 'recalled', index: 0, recollection: { found: 'unclear', detail: '?' } }], calling);
  for (const subject of [calling, called, unclear]) {
    assert.throws(
      () => foldEvent(subject, 'a', again, 99),
      /calling may not follow (calling|called|unclear) of action 0/,
    );
  }
  const notDone = fold([{ type: 'recalled', index: 0, recollection: { found: 'not-done', detail: 'no' } }], calling);
  assert.equal(foldEvent(notDone, 'a', again, 99).progress[0]?.state, 'calling');
});

test('an action that the plan does not have cannot be called', () => {
  const intended = fold([received(), { type: 'intended', plan: once, mode: 'auto' }]);
  for (const index of [-1, 2, 0.5]) {
    assert.throws(() => foldEvent(intended, 'a', { type: 'calling', index }, 9), /no action/);
  }
});

test('what was found out about a call is kept', () => {
  const calling = fold([received(), { type: 'intended', plan: once, mode: 'auto' }, { type: 'calling', index: 1 }]);
  const done = fold([{ type: 'recalled', index: 1, recollection: { found: 'done', receipt: aReceipt } }], calling);
  assert.deepEqual(
    done.progress.map(({ state, receipt }) => [state, receipt]),
    [
      ['waiting', undefined],
      ['called', aReceipt],
    ],
  );
  const failed = fold([{ type: 'call-failed', index: 1, reason: 'role', detail: 'no right' }], calling);
  assert.deepEqual([failed.progress[1]?.state, failed.reason, failed.detail], ['not-done', 'role', 'no right']);
});

test('a fresh plan replaces what is waiting and keeps what was touched', () => {
  const halfway = fold([
    received(),
    { type: 'intended', plan: once, mode: 'auto' },
    { type: 'calling', index: 0 },
    { type: 'called', index: 0, receipt: aReceipt },
    { type: 'retry', detail: 'later', wakeAt: 50 },
    { type: 'intended', plan: aPlan('once', 1), mode: 'auto' },
  ]);
  assert.deepEqual(
    halfway.progress.map(({ state }) => state),
    ['called', 'waiting'],
  );
  assert.deepEqual([halfway.retries, halfway.wakeAt], [0, undefined]);
});

test('an approval is bound to the plan that was shown', () => {
  const subject = fold(awaiting);
  assert.throws(
    () => foldEvent(subject, 'a', { type: 'approved', by: 'ann', planHash: 'other' }, 9),
    /case a: approved is a plan that was not shown/,
  );
  const approved = foldEvent(subject, 'a', { type: 'approved', by: 'ann', planHash: 'abc' }, 9);
  assert.deepEqual([approved.state, approved.approvedBy, approved.wakeAt], ['awaiting-approval', 'ann', 9]);
  const shownAgain = fold([{ type: 'awaiting-approval', plan: once, planHash: 'new', expiresAt: 77 }], approved);
  assert.deepEqual([shownAgain.approvedBy, shownAgain.planHash, shownAgain.wakeAt], [undefined, 'new', 77]);
});

test('a block wakes at its end, and a case at rest never wakes', () => {
  const holding = fold([received(), ...life.slice(0, 6)]);
  assert.deepEqual([holding.dueAt, holding.wakeAt, holding.heldFrom], [61_000, 61_000, 7]);
  const released = fold([received(), ...life]);
  assert.deepEqual([released.wakeAt, released.endedAt, released.releaseCause], [undefined, 9, 'due']);
  const late = fold([
    received(),
    { type: 'retry', detail: 'x', wakeAt: 5 },
    { type: 'failed', reason: 'r', detail: 'd' },
  ]);
  assert.deepEqual([late.wakeAt, late.endedAt, late.retries], [undefined, 3, 1]);
});

test('retries are counted and begin anew with each step', () => {
  const twice = fold([
    received(),
    { type: 'retry', detail: 'x', wakeAt: 5 },
    { type: 'retry', detail: 'y', wakeAt: 6 },
  ]);
  assert.deepEqual([twice.retries, twice.wakeAt, twice.detail], [2, 6, 'y']);
  const intended = fold([{ type: 'intended', plan: once, mode: 'auto' }], twice);
  assert.equal(intended.retries, 0);
});

test('folding changes no case that was there before', () => {
  const subject = fold([received(), { type: 'intended', plan: once, mode: 'auto' }]);
  const copy = structuredClone(subject);
  for (const event of everyEvent(aPlan('block'))) {
    try {
      foldEvent(subject, 'a', event, 99);
    } catch (error) {
      assert.ok(error instanceof Bug);
    }
  }
  assert.deepEqual(subject, copy);
});

test('verified is the end of a change that is over, and not of a block', () => {
  assert.equal(isAtRest({ state: 'verified', plan: once }), true);
  assert.equal(isAtRest({ state: 'verified', plan: aPlan('block') }), false);
  assert.equal(isAtRest({ state: 'holding', plan: aPlan('block') }), false);
});

test('the outcome of what was done is its effect, of all else its state', () => {
  assert.equal(outcomeOf(fold([received(), ...life])), 'effective');
  assert.equal(outcomeOf(fold([received(), { type: 'refused', reason: 'freeze', detail: 'x' }])), 'refused');
  assert.equal(
    outcomeOf(fold([received(), ...life.slice(0, 4), { type: 'unverified', verdict: aVerdict }])),
    'unverified',
  );
});

test('keys differ where device, remedy or target differ, whatever text they hold', () => {
  const keys = [
    { device: 'a', remedy: 'b', target: { kind: 'device' } },
    { device: 'a', remedy: 'b', target: { kind: 'user', value: '' } },
    { device: 'a', remedy: 'b', target: { kind: 'group', value: '' } },
    { device: 'a', remedy: 'b', target: { kind: 'user', value: '","b' } },
    { device: 'a","b', remedy: 'b', target: { kind: 'user', value: '' } },
  ] as const;
  assert.equal(new Set(keys.map(caseKey)).size, keys.length);
});
