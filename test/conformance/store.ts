import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { foldEvent } from '../../src/core/case-fold.ts';
import { caseKey, isAtRest, type Case, type CaseEvent } from '../../src/core/case.ts';
import { Bug } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import { entryHash, eventText, GENESIS } from '../../src/core/ledger-hash.ts';
import type { Store } from '../../src/store/contract.ts';
import { anyEvent, anyReceived } from '../support/case-arbitraries.ts';
import { aPlan, aReceipt, aVerdict, everyEvent, lifeOfABlock, plain, received } from '../support/case-events.ts';

/** Opens an empty store; it is closed when the test ends. */
export type OpenFresh = (context: TestContext) => Promise<Store>;

/** What every `Store` must do, whatever it is built on. */
export function storeConformance(name: string, open: OpenFresh): void {
  test(`${name}: an opening becomes a case that is received`, async context => {
    const store = await open(context);
    const [subject] = await store.open([{ id: 'a', event: received() }], 5_000);
    assert.deepEqual(plain(subject), plain(foldEvent(undefined, 'a', received(), 5_000)));
    assert.deepEqual(await store.case('a'), subject);
    assert.equal(await store.case('b'), undefined);
  });

  test(`${name}: at most one case of a key is open`, async context => {
    const store = await open(context);
    const openings = [
      { id: 'a', event: received() },
      { id: 'b', event: received() },
      { id: 'c', event: received({ device: 'other' }) },
      { id: 'd', event: received({ target: { kind: 'user', value: '' } }) },
    ];
    assert.deepEqual(idsOf(await store.open(openings, 1)), ['a', 'c', 'd']);
    assert.deepEqual(idsOf(await store.open([{ id: 'e', event: received() }], 2)), []);
    await store.append('a', 1, [{ type: 'not-needed', detail: 'gone', before: [] }], 3);
    assert.deepEqual(idsOf(await store.open([{ id: 'f', event: received() }], 4)), ['f']);
    assert.equal((await store.latest(caseKey(received())))?.id, 'f');
  });

  test(`${name}: a case id is used once`, async context => {
    const store = await open(context);
    await store.open([{ id: 'a', event: received() }], 1);
    const again = [
      { id: 'b', event: received({ device: 'other' }) },
      { id: 'a', event: received({ device: 'third' }) },
    ];
    await assert.rejects(store.open(again, 2), Bug);
    assert.equal(await store.case('b'), undefined, 'nothing of the transaction stays');
  });

  test(`${name}: closing twice is harmless`, async context => {
    const store = await open(context);
    await store.close();
    await store.close();
  });

  test(`${name}: opening nothing gives nothing`, async context => {
    const store = await open(context);
    assert.deepEqual(await store.open([], 1), []);
    assert.deepEqual(await store.verifyChain(), { intact: true, entries: 0, head: GENESIS });
  });

  test(`${name}: events move a case on, all or none`, async context => {
    const store = await open(context);
    await store.open([{ id: 'a', event: received() }], 1);
    const good: CaseEvent = { type: 'intended', plan: aPlan(), mode: 'auto' };
    await assert.rejects(store.append('a', 1, [good, { type: 'released', verdict: aVerdict }], 2), Bug);
    assert.equal((await store.case('a'))?.state, 'received');
    assert.equal((await store.entries('a')).length, 1);
    const moved = await store.append('a', 1, [good, { type: 'calling', index: 0 }], 3);
    assert.equal(moved.version, 3);
    assert.equal(moved.progress[0]?.state, 'calling');
    assert.deepEqual(await store.case('a'), moved);
  });

  test(`${name}: of two writers at the same version one is told so`, async context => {
    const store = await open(context);
    await store.open([{ id: 'a', event: received() }], 1);
    const event: CaseEvent = { type: 'retry', detail: 'later', wakeAt: 9 };
    const outcomes = await Promise.allSettled([store.append('a', 1, [event], 2), store.append('a', 1, [event], 2)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await assert.rejects(store.append('a', 1, [event], 3), /case a is at version 2, not 1/);
    await assert.rejects(store.append('nobody', 1, [event], 3), /case nobody does not exist/);
  });

  test(`${name}: appending no event changes nothing`, async context => {
    const store = await open(context);
    const [subject] = await store.open([{ id: 'a', event: received() }], 1);
    assert.deepEqual(await store.append('a', 1, [], 9), subject);
  });

  test(`${name}: entries are numbered without gaps over all cases, and linked`, async context => {
    const store = await open(context);
    await store.open([{ id: 'a', event: received() }], 1);
    await store.open([{ id: 'b', event: received({ device: 'other' }) }], 2);
    await store.append('a', 1, [{ type: 'planned', plan: aPlan() }], 3);
    const entries = [...(await store.entries('a')), ...(await store.entries('b'))].sort((x, y) => x.seq - y.seq);
    assert.deepEqual(
      entries.map(({ seq, caseId, at }) => [seq, caseId, at]),
      [
        [1, 'a', 1],
        [2, 'b', 2],
        [3, 'a', 3],
      ],
    );
    let previous = GENESIS;
    for (const entry of entries) {
      assert.equal(entry.previousHash, previous);
      assert.equal(entry.hash, entryHash(previous, entry.seq, entry.caseId, entry.at, eventText(entry.event)));
      previous = entry.hash;
    }
    assert.deepEqual(await store.verifyChain(), { intact: true, entries: 3, head: previous });
  });

  test(`${name}: cases are found by device, remedy, state and openness, newest first`, async context => {
    const store = await open(context);
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
      const target = { kind: 'user' as const, value: id };
      const event = received({ target, device: index < 2 ? 'fw' : 'srx', remedy: index % 2 ? 'toy/fix' : 'toy/block' });
      await store.open([{ id, event }], 10 - index);
    }
    await store.append('b', 1, [{ type: 'refused', reason: 'freeze', detail: 'frozen' }], 20);
    await store.append('c', 1, lifeOfABlock().slice(0, 6), 21);
    assert.deepEqual(idsOf(await store.cases({})), ['d', 'c', 'b', 'a']);
    assert.deepEqual(idsOf(await store.cases({ device: 'fw' })), ['b', 'a']);
    assert.deepEqual(idsOf(await store.cases({ remedy: 'toy/fix', device: 'srx' })), ['d']);
    assert.deepEqual(idsOf(await store.cases({ states: ['refused', 'holding'] })), ['c', 'b']);
    assert.deepEqual(idsOf(await store.cases({ states: [] })), []);
    assert.deepEqual(idsOf(await store.cases({ open: true })), ['d', 'c', 'a']);
    assert.deepEqual(idsOf(await store.cases({ open: false })), ['b']);
    assert.deepEqual(idsOf(await store.cases({ limit: 2 })), ['d', 'c']);
    assert.deepEqual(idsOf(await store.cases({ device: "' OR 1=1 --" })), []);
  });

  test(`${name}: 100 cases are given when no limit is named`, async context => {
    const store = await open(context);
    await store.open(openings(150), 1);
    assert.equal((await store.cases({})).length, 100);
    assert.equal((await store.cases({ limit: 1_000 })).length, 150);
  });

  test(`${name}: due cases are those whose time has come, most overdue first`, async context => {
    const store = await open(context);
    await store.open(openings(4), 1);
    for (const [id, wakeAt] of [
      ['case-0', 300],
      ['case-1', 100],
      ['case-2', 200],
    ] as const) {
      await store.append(id, 1, [{ type: 'retry', detail: 'later', wakeAt }], 2);
    }
    assert.deepEqual(idsOf(await store.due(99)), []);
    assert.deepEqual(idsOf(await store.due(200)), ['case-1', 'case-2']);
    await store.append('case-1', 2, [{ type: 'failed', reason: 'bug', detail: 'x' }], 3);
    assert.deepEqual(idsOf(await store.due(1_000)), ['case-2', 'case-0']);
  });

  test(`${name}: calls are counted per device and remedy from a moment on`, async context => {
    const store = await open(context);
    const users = ['u', 'v'].map(value => ({ kind: 'user' as const, value }));
    await store.open([{ id: 'a', event: received({ target: users[0]! }) }], 1);
    await store.open([{ id: 'b', event: received({ target: users[1]! }) }], 1);
    await store.open([{ id: 'c', event: received({ device: 'srx' }) }], 1);
    const intended: CaseEvent = { type: 'intended', plan: aPlan('once', 2), mode: 'auto' };
    await store.append('a', 1, [intended, { type: 'calling', index: 0 }], 100);
    await store.append(
      'a',
      3,
      [
        { type: 'called', index: 0, receipt: aReceipt },
        { type: 'calling', index: 1 },
      ],
      200,
    );
    await store.append('b', 1, [intended, { type: 'calling', index: 0 }], 300);
    await store.append('c', 1, [intended, { type: 'calling', index: 0 }], 300);
    assert.equal(await store.countCalls('fw', 'toy/fix', 0), 3);
    assert.equal(await store.countCalls('fw', 'toy/fix', 200), 2);
    assert.equal(await store.countCalls('fw', 'toy/fix', 301), 0);
    assert.equal(await store.countCalls('srx', 'toy/fix', 0), 1);
    assert.equal(await store.countCalls('fw', 'toy/block', 0), 0);
  });

  test(`${name}: the newest case of a key that acted is found behind later ones that did not`, async context => {
    const store = await open(context);
    const key = caseKey(received());
    await store.open([{ id: 'a', event: received() }], 1);
    assert.equal(await store.lastActed(key), undefined);
    await store.append('a', 1, lifeOfABlock(), 2);
    await store.open([{ id: 'b', event: received() }], 3);
    await store.append('b', 1, [{ type: 'refused', reason: 'cooldown', detail: 'x' }], 4);
    assert.equal((await store.latest(key))?.id, 'b');
    assert.equal((await store.lastActed(key))?.id, 'a');
    assert.equal(await store.latest('no such key'), undefined);
  });

  test(`${name}: what is remembered is recalled, per device and key, and replaced by what comes later`, async context => {
    const store = await open(context);
    assert.equal(await store.recall('bmc', 'sel'), undefined);
    await store.remember('bmc', 'sel', { last: 7, seen: ['a', null] });
    await store.remember('bmc', 'nothing', null);
    await store.remember('bmc2', 'sel', 'other');
    await store.remember('bmc', 'sel', { last: 8 });
    assert.deepEqual(await store.recall('bmc', 'sel'), { last: 8 });
    assert.equal(await store.recall('bmc', 'nothing'), null);
    assert.equal(await store.recall('bmc2', 'sel'), 'other');
  });

  test(`${name}: any JSON is remembered as it was`, async context => {
    const store = await open(context);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async value => {
        await store.remember('d', 'k', value as Json);
        assert.deepEqual(await store.recall('d', 'k'), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test(`${name}: whatever happens, a case is the fold of its events, and what the rules forbid leaves no trace`, async context => {
    const script = fc.array(fc.oneof({ weight: 1, arbitrary: anyReceived }, { weight: 6, arbitrary: anyEvent }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(script, async events => {
        const store = await open(context);
        await play(store, events);
        await store.close();
      }),
      { numRuns: 150 },
    );
  });
}

/** Plays events against a store and against the fold, newest case first, and compares what both hold. */
async function play(store: Store, events: readonly CaseEvent[]): Promise<void> {
  const model = new Map<string, Case>();
  let entries = 0;
  for (const [at, event] of events.entries()) {
    if (event.type === 'received') {
      const id = `case-${at}`;
      const isOpen = [...model.values()].some(other => !isAtRest(other) && caseKey(other) === caseKey(event));
      const opened = await store.open([{ id, event }], at);
      assert.equal(opened.length, isOpen ? 0 : 1);
      if (isOpen) continue;
      model.set(id, foldEvent(undefined, id, event, at));
      entries += 1;
      continue;
    }
    const subject = [...model.values()].at(-1 - (at % 3));
    if (!subject) continue;
    const next = at % 2 === 0 ? event : (fitting(subject, at) ?? event);
    const expected = attempt(() => foldEvent(subject, subject.id, next, at));
    const found = await store.append(subject.id, subject.version, [next], at).catch((error: unknown) => error);
    if (expected === undefined) {
      assert.ok(found instanceof Bug, `${next.type} after ${subject.state} is refused`);
      continue;
    }
    assert.deepEqual(plain(found as Case), plain(expected));
    model.set(subject.id, expected);
    entries += 1;
  }
  for (const subject of model.values()) assert.deepEqual(plain(await store.case(subject.id)), plain(subject));
  const check = await store.verifyChain();
  assert.equal(check.intact, true);
  assert.equal(check.entries, entries);
}

/** An event that may come next, so that cases get far into their lives. */
function fitting(subject: Case, pick: number): CaseEvent | undefined {
  const all = everyEvent(aPlan(pick % 3 === 0 ? 'once' : 'block'), pick % 2);
  const allowed = all.filter(event => attempt(() => foldEvent(subject, subject.id, event, 0)));
  return allowed[pick % allowed.length];
}

function attempt(work: () => Case): Case | undefined {
  try {
    return work();
  } catch (error) {
    assert.ok(error instanceof Bug);
    return undefined;
  }
}

function openings(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `case-${index}`,
    event: received({ target: { kind: 'user', value: `user ${index}` } }),
  }));
}

function idsOf(cases: readonly Case[]): readonly string[] {
  return cases.map(subject => subject.id);
}
