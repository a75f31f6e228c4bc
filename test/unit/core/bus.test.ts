import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bus, type Happening } from '../../../src/core/bus.ts';

const reload: Happening = { kind: 'reload', at: 1, successful: true, detail: '' };

test('every watcher is told, in the order of watching, until it stops', () => {
  const told: string[] = [];
  const bus = new Bus(() => assert.fail());
  const stop = bus.watch(() => told.push('first'));
  bus.watch(() => told.push('second'));
  bus.tell(reload);
  stop();
  stop();
  bus.tell(reload);
  assert.deepEqual(told, ['first', 'second', 'second']);
});

test('a watcher that throws harms nobody else', () => {
  const errors: unknown[] = [];
  const told: Happening[] = [];
  const bus = new Bus(error => errors.push(error));
  bus.watch(() => {
    throw new Error('broken watcher');
  });
  bus.watch(happening => told.push(happening));
  bus.tell(reload);
  assert.deepEqual(told, [reload]);
  assert.match(String(errors[0]), /broken watcher/);
});

test('a watcher may stop watching while it is told', () => {
  const bus = new Bus(() => assert.fail());
  let count = 0;
  const stop = bus.watch(() => {
    count += 1;
    stop();
  });
  bus.tell(reload);
  bus.tell(reload);
  assert.equal(count, 1);
});
