import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallGate, type Priority } from '../../../src/core/call-gate.ts';
import { turn } from '../../support/manual-clock.ts';

/** A call that runs until it is told to end. */
function pending() {
  let end = () => {};
  const done = new Promise<void>(resolve => (end = resolve));
  return { call: () => done, end: () => end() };
}

test('no more calls than the width run at a time', async () => {
  const gate = new CallGate(2);
  let inside = 0;
  let most = 0;
  const call = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await turn();
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => gate.pass('collector', call)));
  assert.equal(most, 2);
});

test('remedies go first, and otherwise first come first served', async () => {
  const gate = new CallGate(1);
  const first = pending();
  const order: string[] = [];
  const enter = (priority: Priority, name: string) => gate.pass(priority, async () => void order.push(name));
  const running = gate.pass('collector', first.call);
  const rest = [enter('collector', 'c1'), enter('collector', 'c2'), enter('remedy', 'r1'), enter('remedy', 'r2')];
  first.end();
  await Promise.all([running, ...rest]);
  assert.deepEqual(order, ['r1', 'r2', 'c1', 'c2']);
});

test('a call that fails gives its place to the next and its error to its caller', async () => {
  const gate = new CallGate(1);
  await assert.rejects(
    gate.pass('remedy', () => Promise.reject(new Error('broken'))),
    /broken/,
  );
  assert.equal(await gate.pass('remedy', async () => 7), 7);
});

test('who gives up waiting leaves the queue and holds nobody up', async () => {
  const gate = new CallGate(1);
  const first = pending();
  const running = gate.pass('collector', first.call);
  const controller = new AbortController();
  let ran = false;
  const given = gate.pass('collector', async () => void (ran = true), controller.signal);
  const behind = gate.pass('collector', async () => 'went');
  controller.abort(new Error('deadline'));
  await assert.rejects(given, /deadline/);
  first.end();
  await running;
  assert.equal(await behind, 'went');
  assert.equal(ran, false);
});

test('an aborted signal does not even join the queue', async () => {
  const gate = new CallGate(1);
  await assert.rejects(
    gate.pass('remedy', async () => 1, AbortSignal.abort(new Error('over'))),
    /over/,
  );
});

test('an abort after entering is the business of the call, not of the gate', async () => {
  const gate = new CallGate(1);
  const first = pending();
  const controller = new AbortController();
  const running = gate.pass('remedy', first.call, controller.signal);
  controller.abort(new Error('late'));
  const next = gate.pass('remedy', async () => 'next');
  await turn();
  first.end();
  await running;
  assert.equal(await next, 'next');
});
